import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { AnyChannel, Receipt } from '../../../src/channels/channel.ts'
import type { OutboundMessage } from '../../../src/channels/message.ts'
import type { Vault } from '../../../src/channels/whatsapp/credentials.ts'
import { readStatus, type WhatsappStatus } from '../../../src/channels/whatsapp/status.ts'
import { TIMINGS, type Timings } from '../../../src/channels/whatsapp/timings.ts'
import { createWhatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'
import { until } from '../../../src/runtime/until.ts'
import type { FakeWhatsapp } from '../../fakes/whatsapp/fake-whatsapp.ts'
import { createWhatsappServer } from '../../fakes/whatsapp-server.ts'
import { createTestContext, type TestContext } from '../telegram/context.ts'
import { createVault, SECRET_KEY, type WhenDone } from './vault.ts'

/** Short enough that a test waits for what happens, not for the clock. */
export const QUICK: Timings = {
  ...TIMINGS,
  firstRetry: 20,
  longestRetry: 200,
  opening: 5_000,
  orders: 30,
  composing: [0, 0],
  receiptAgain: 20,
  placeholder: 300,
  acknowledge: 5_000,
  spool: 30,
}

/** A number against the fake server, in a database of its own. */
export interface TestNumber extends TestContext {
  server: FakeWhatsapp
  channel: AnyChannel
  vault: Vault & { url: string }
  receipts: Receipt[]
  sent: Map<string, OutboundMessage>
  /** Of the spool. */
  folder: string
  status(): Promise<WhatsappStatus>
  /** Runs the channel until the returned function is called, which resolves when it has ended. */
  run(): () => Promise<void>
  /** Says something to somebody, by their LID's user part. */
  say(to: string, message: OutboundMessage | string, id?: string): Promise<{ providerId?: string }>
  /** Runs, and pairs the number by its QR. */
  paired(): Promise<() => Promise<void>>
}

/** What differs from the usual number. */
export interface NumberOptions {
  timings?: Partial<Timings>
  pairingPhone?: string
}

export async function createNumber(
  { timings = {}, pairingPhone }: NumberOptions = {},
  whenDone: WhenDone = onTestFinished,
): Promise<TestNumber> {
  const vault = await createVault(SECRET_KEY, whenDone)
  const server = await createWhatsappServer()
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-whatsapp-'))
  whenDone(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })
  const test = createTestContext()
  const receipts: Receipt[] = []
  const sent = new Map<string, OutboundMessage>()
  const context = {
    ...test.context,
    now: () => new Date(),
    saveReceipt: async (receipt: Receipt) => void receipts.push(receipt),
  }
  const channel = createWhatsapp(
    {
      account: 'default',
      database: vault.database,
      secretKey: SECRET_KEY,
      spoolFolder: folder,
      serverUrl: server.url,
      pairingPhone,
      sentMessage: async (_channel, _account, id) => sent.get(id),
    },
    context,
    { ...QUICK, ...timings },
  )
  const status = () => readStatus(vault)
  const run = () => {
    const stopping = new AbortController()
    const running = channel.run?.(stopping.signal)
    const stop = async () => {
      stopping.abort()
      await running
    }
    whenDone(stop)
    return stop
  }
  return {
    ...test,
    context,
    server,
    channel,
    vault,
    receipts,
    sent,
    folder,
    status,
    run,
    async say(to, message, id = '1') {
      const whole = typeof message === 'string' ? { text: message } : message
      const result = await channel.send({ id, to: `${to}@lid`, message: whole }, AbortSignal.timeout(20_000))
      if (result.providerId) sent.set(result.providerId, whole)
      return result
    },
    async paired() {
      const stop = run()
      const qr = await until(async () => (await status()).qr)
      server.scan(qr ?? '')
      await until(async () => (await status()).state === 'open')
      return stop
    },
  }
}
