import { createServer } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect } from 'vitest'
import type { AnyChannel, ChannelContext } from '../../../src/channels/channel.ts'
import type { InboundMessage } from '../../../src/channels/message.ts'
import { createTelegram, type TelegramOptions } from '../../../src/channels/telegram/telegram.ts'
import { TIMINGS, type Timings } from '../../../src/channels/telegram/timings.ts'
import { createTelegramServer, type FakeTelegram, type FakeTelegramOptions } from '../../fakes/telegram-server.ts'

/** A context in memory that keeps the contract: once each, and only after what `saveInbound` resolves is it stored. */
export interface TestContext {
  context: ChannelContext
  inbox: InboundMessage[]
  cursors: Map<string, string>
  files: Map<string, Uint8Array>
  /** Everything logged, as one string. */
  logged(): string
  /** The next saves fail with it, one for each. */
  failSaves(...errors: Error[]): void
  /** All saves fail with it, until it is undefined. */
  failAllSaves(error: Error | undefined): void
  /** Saves wait until the returned function is called. */
  holdSaves(): () => void
  /** Saves begun so far. */
  saves(): number
  leases: string[]
  /** Forgets what was stored: the next message is new, whatever its id. */
  forget(): void
}

export const NOW = new Date('2026-11-22T18:00:00Z')

/** As pg tells that the server is not there. */
export const databaseAway = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

export function createTestContext(): TestContext {
  const inbox: InboundMessage[] = []
  const cursors = new Map<string, string>()
  const files = new Map<string, Uint8Array>()
  const lines: string[] = []
  const leases: string[] = []
  const failures: Error[] = []
  let held = Promise.resolve()
  let failing: Error | undefined
  let saves = 0
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  const seen = new Set<string>()

  const context: ChannelContext = {
    log: pino({ level: 'trace' }, sink),
    async saveInbound(messages) {
      saves++
      await held
      const failure = failures.shift() ?? failing
      if (failure) throw failure
      const fresh = messages.filter(({ externalId }) => !seen.has(externalId))
      for (const message of fresh) seen.add(message.externalId)
      inbox.push(...fresh)
      return { saved: fresh.length, repeated: messages.length - fresh.length }
    },
    saveReceipt: () => Promise.resolve(),
    cursor: (channel, account) => ({
      read: async () => cursors.get(`${channel}/${account}`),
      async write(value) {
        cursors.set(`${channel}/${account}`, value)
      },
    }),
    async withLease(name, signal, work) {
      leases.push(name)
      await work(signal)
    },
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
    cursors,
    files,
    leases,
    logged: () => lines.join(''),
    failSaves: (...errors) => failures.push(...errors),
    failAllSaves(error) {
      failing = error
    },
    saves: () => saves,
    forget() {
      inbox.length = 0
      seen.clear()
    },
    holdSaves() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
  }
}

/** Short enough that a test waits for what happens, not for the clock. */
export const QUICK: Timings = {
  ...TIMINGS,
  longPoll: 1,
  firstRetry: 5,
  longestRetry: 20,
  emptyPoll: 5,
  webhookCheck: 20,
}

/** A bot of ours against a fake Bot API, reading if it is told to; all of it ends with `await using`. */
export interface Bot extends TestContext, AsyncDisposable {
  telegram: FakeTelegram
  channel: AnyChannel
  /** Starts reading; the returned function stops it and waits for its end. */
  read(): () => Promise<void>
}

export async function createBot(
  options: Partial<TelegramOptions> = {},
  { timings = {}, ...server }: FakeTelegramOptions & { timings?: Partial<Timings> } = {},
): Promise<Bot> {
  const telegram = await createTelegramServer(server)
  const test = createTestContext()
  const { token } = telegram
  const channel = createTelegram(
    {
      token,
      account: 'default',
      apiRoot: telegram.url,
      mode: 'polling',
      publicUrl: 'https://altamira.example',
      ...options,
    },
    test.context,
    { ...QUICK, ...timings },
  )
  const stops: (() => Promise<void>)[] = []
  const read = () => {
    const stopping = new AbortController()
    const done = channel.run?.(stopping.signal)
    const stop = async () => {
      stopping.abort()
      await done
    }
    stops.push(stop)
    return stop
  }
  return {
    ...test,
    telegram,
    channel,
    read,
    async [Symbol.asyncDispose]() {
      await Promise.all(stops.map((stop) => stop()))
      await telegram.close()
    },
  }
}

/** What will come to be so; looked at often, and long enough for a busy machine. */
export const eventually = <T>(look: () => T, { interval = 10 } = {}) => expect.poll(look, { interval, timeout: 15_000 })

/** The signal of a call that has time enough. */
export const enough = () => AbortSignal.timeout(10_000)

/** A port that nobody listens on, for what must know its address before it listens. */
export async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const address = probe.address()
    probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
  })
  return promise
}

let messageId = 500

/** What a citizen writes, as the update's content. */
export const says = (text: string, chat = 7) => ({
  message: {
    message_id: ++messageId,
    date: 1_795_370_400,
    chat: { id: chat, type: 'private', first_name: 'Rosa' },
    from: { id: chat, is_bot: false, first_name: 'Rosa', language_code: 'es' },
    text,
  },
})
