import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { canalesSchema } from '../../../src/channels/canales.ts'
import type { AnyChannel, ChannelContext, Receipt } from '../../../src/channels/channel.ts'
import type { InboundMessage } from '../../../src/channels/message.ts'
import { createMeta } from '../../../src/channels/meta/meta.ts'
import type { PublicEvent } from '../../../src/channels/public-post.ts'
import type { SendError } from '../../../src/channels/send-error.ts'
import { readEnvironment } from '../../../src/runtime/env.ts'

export const NOW = new Date('2026-11-22T18:00:00Z')

export const APP_SECRET = '3f1c0f5e8a7d4b21'
export const VERIFY_TOKEN = 'altamira-webhook'
export const PAGE_ID = '1074512345678901'
export const INSTAGRAM_ID = '17841405309211844'
export const PHONE_ID = '106540352242922'
export const TOKEN = 'EAAJZBtoken'

/** As pg tells that the server is not there. */
export const databaseAway = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

/** A webhook body of Meta's, by its file. */
export const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))

/** The header that Meta sends with a body. */
export const signature = (body: string | Uint8Array, secret = APP_SECRET) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** A context in memory that keeps the contract: once each, and only after what `saveInbound` resolves is it stored. */
export function createTestContext() {
  const inbox: InboundMessage[] = []
  const receipts: Receipt[] = []
  const files = new Map<string, Uint8Array>()
  const lines: string[] = []
  const failures: Error[] = []
  const seen = new Set<string>()
  let held = Promise.resolve()
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  const notUsed = async () => {
    throw new Error('not used by this channel')
  }
  const context: ChannelContext = {
    log: pino({ level: 'trace' }, sink),
    async saveInbound(messages) {
      await held
      const failure = failures.shift()
      if (failure) throw failure
      const fresh = messages.filter(({ channel, account, externalId }) => {
        const key = JSON.stringify([channel, account, externalId])
        return !seen.has(key) && seen.add(key)
      })
      inbox.push(...fresh)
      return { saved: fresh.length, repeated: messages.length - fresh.length }
    },
    async saveReceipt(receipt) {
      const failure = failures.shift()
      if (failure) throw failure
      receipts.push(receipt)
    },
    cursor: () => ({ read: notUsed, write: notUsed }),
    withLease: notUsed,
    files: {
      async put(key, bytes) {
        files.set(key, bytes)
      },
      async get(key) {
        const bytes = files.get(key)
        if (!bytes) throw new Error(`there is no ${key}`)
        return bytes
      },
      async delete(key) {
        files.delete(key)
      },
    },
    now: () => NOW,
  }
  return {
    context,
    inbox,
    receipts,
    files,
    logged: () => lines.join(''),
    failSaves: (...errors: Error[]) => failures.push(...errors),
    /** Forgets what was stored: the next message is new, whatever its id. */
    forget() {
      inbox.length = 0
      receipts.length = 0
      failures.length = 0
      seen.clear()
    },
    holdSaves() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
  }
}

export const ENVIRONMENT = {
  META_APP_SECRET: APP_SECRET,
  META_VERIFY_TOKEN: VERIFY_TOKEN,
  MESSENGER_PAGE_ID: PAGE_ID,
  MESSENGER_PAGE_TOKEN: TOKEN,
  INSTAGRAM_ACCOUNT_ID: INSTAGRAM_ID,
  WHATSAPP_CLOUD_PHONE_ID: PHONE_ID,
  WHATSAPP_CLOUD_TOKEN: TOKEN,
}

/** The accounts of an environment and a config/canales.yaml. */
export function createAccounts(environment: NodeJS.ProcessEnv = ENVIRONMENT, canales: unknown = {}) {
  const test = createTestContext()
  const env = readEnvironment(environment, '/nonexistent/.env')
  const posts: PublicEvent[] = []
  const savePublic = async (events: PublicEvent[]) => {
    posts.push(...events)
    return { saved: events.length, repeated: 0 }
  }
  const channels = createMeta({ env, canales: canalesSchema.parse(canales), savePublic }, test.context)
  const channelOf = (name: string, account = 'default'): AnyChannel => {
    const channel = channels.find((one) => one.name === name && one.account === account)
    if (!channel) throw new Error(`${name}/${account} is off`)
    return channel
  }
  return { ...test, posts, channels, channelOf }
}

/** The signal of a call that has time enough. */
export const enough = () => AbortSignal.timeout(10_000)

/** What a call threw; only its own fields, so that rows can be read. */
export async function failure(sending: Promise<unknown>): Promise<Partial<SendError>> {
  const error = await sending.then(
    () => undefined,
    (reason: SendError) => reason,
  )
  if (error?.name !== 'SendError') throw new Error(`no SendError: ${error}`)
  const { code, retryable, retryAfter, scope, outcomeUnknown, providerCode } = error
  return { code, retryable, retryAfter, scope, outcomeUnknown, providerCode }
}
