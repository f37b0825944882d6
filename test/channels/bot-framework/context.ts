import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { createBotFramework } from '../../../src/channels/bot-framework/bot-framework.ts'
import type { NamedBot } from '../../../src/channels/bot-framework/connection.ts'
import type { OutboundMessage } from '../../../src/channels/message.ts'
import type { SendError } from '../../../src/channels/send-error.ts'
import { openDatabase } from '../../../src/runtime/database.ts'
import { createHttpServer } from '../../../src/runtime/http.ts'
import { createTestDatabase } from '../../database.ts'
import { createBotFrameworkServer } from '../../fakes/bot-framework-server.ts'
import { createTestContext, NOW } from '../meta/context.ts'

export { databaseAway, NOW } from '../meta/context.ts'

export const BOT = { appId: 'f1d0c5a2-0000-4000-8000-000000000001', password: 'secreto-de-azure' }
export const OTHER_BOT = { appId: 'f1d0c5a2-0000-4000-8000-000000000002', password: 'otro-secreto' }

/** An activity by its file, as a channel posts it; its service is the one of the fake. */
export function fixture(name: string, serviceUrl = 'https://service.example/amer/'): Record<string, unknown> {
  const text = readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')
  return JSON.parse(text.replaceAll('{{serviceUrl}}', serviceUrl))
}

interface Setting {
  bots?: NamedBot[]
  publicUrl?: string | undefined
}

const named = (account: string, credentials: NamedBot['credentials']): NamedBot => ({
  account,
  ...(credentials && { credentials }),
})

export const BOTS = [named('default', { ...BOT, tenant: 'tenant-1' }), named('dif', OTHER_BOT)]
export const EMULATOR = [named('default', undefined)]

/** Bots for all tests of a `describe`, each of which finds nothing stored and nothing sent. */
export function shareBots(setting: Setting = {}): () => Bots {
  const closing: (() => unknown)[] = []
  let bots: Bots | undefined
  const shared = (): Bots => {
    if (!bots) throw new Error('the bots are not there yet')
    return bots
  }
  beforeAll(async () => {
    bots = await createBots(setting, (close) => closing.unshift(close))
  })
  beforeEach(() => shared().reset())
  afterAll(async () => {
    for (const close of closing) await close()
  })
  return shared
}

/** Bots against the fake service and a real database, with the webhook on a real port. */
export async function createBots(
  { bots = BOTS, publicUrl }: Setting = {},
  whenDone: (close: () => Promise<void>) => void = onTestFinished,
) {
  const database = await createTestDatabase()
  whenDone(database.drop)
  const opened = await openDatabase(database.url, [], pino({ level: 'silent' }))
  whenDone(opened.close)
  const service = await createBotFrameworkServer(bots.flatMap(({ credentials }) => credentials ?? []))
  whenDone(service.close)
  const test = createTestContext()
  const { openIdUrl, loginUrl, serviceUrl } = service
  const secretKey = 'k'.repeat(48)
  const channels = createBotFramework(
    { bots, openIdUrl, loginUrl, publicUrl, secretKey, database: opened },
    { ...test.context, now: () => NOW },
  )
  const app = await createHttpServer({ log: pino({ level: 'silent' }), trustProxy: false })
  for (const one of channels) await one.routes?.(app)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  whenDone(() => app.close())
  const [channel] = channels
  if (!channel) throw new Error('there is no bot')

  const signed = () => service.authorization(BOT)
  const post = (body: unknown, authorization: string | undefined = signed(), more: Record<string, string> = {}) =>
    fetch(`${url}/api/messages`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }), ...more },
    })
  return {
    ...test,
    channels,
    channel,
    service,
    database: opened,
    url,
    post,
    fixture: (name: string) => fixture(name, serviceUrl),
    deliver: (name: string) => post(fixture(name, serviceUrl)),
    async reset() {
      test.forget()
      test.files.clear()
      service.posted.length = 0
      await opened.fork().getConnection().execute('delete from bot_framework_reference')
    },
    /** Somebody wrote from the conversation of this file, so that it can be answered. */
    async hear(name: string): Promise<string> {
      await post(fixture(name, serviceUrl))
      const address = test.inbox.at(-1)?.from.address
      if (address === undefined) throw new Error(`${name} was not stored`)
      return address
    },
    send: (to: string, message: OutboundMessage, signal = enough()) => channel.send({ id: '1', to, message }, signal),
  }
}

export type Bots = Awaited<ReturnType<typeof createBots>>

/** The signal of a call that has time enough. */
export const enough = () => AbortSignal.timeout(20_000)

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
