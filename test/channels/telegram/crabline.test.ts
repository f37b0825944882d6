import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type StartedTelegramServer, startTelegramServer } from '@openclaw/crabline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AnyChannel } from '../../../src/channels/channel.ts'
import { createTelegram, type TelegramOptions } from '../../../src/channels/telegram/telegram.ts'
import { createHttpServer } from '../../../src/runtime/http.ts'
import { createTestContext, databaseAway, enough, eventually, freePort, QUICK, type TestContext } from './context.ts'

// A Bot API written by others, so that a mistake of ours in reading the documents is not made twice, in adapter and fake.
// It knows texts only on the way in, so presses are tried with telegram-test-api.

const folder = mkdtempSync(join(tmpdir(), 'crabline-'))
let server: StartedTelegramServer
let test: TestContext
const reading = new Set<() => Promise<void>>()

beforeEach(async () => {
  server = await startTelegramServer({ recorderPath: join(folder, 'telegram.jsonl') })
  test = createTestContext()
})

afterEach(async () => {
  for (const stop of reading) await stop()
  reading.clear()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function connect(options: Partial<TelegramOptions> = {}): AnyChannel {
  const { botToken: token, baseUrl: apiRoot } = server.manifest
  return createTelegram({ token, account: 'default', apiRoot, mode: 'polling', ...options }, test.context, QUICK)
}

function read(channel: AnyChannel): void {
  const stopping = new AbortController()
  const done = channel.run?.(stopping.signal)
  reading.add(async () => {
    stopping.abort()
    await done
  })
}

async function citizenWrites(text: string): Promise<void> {
  const { adminToken, endpoints } = server.manifest
  const answer = await fetch(endpoints.adminInboundUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` },
    body: JSON.stringify({ chatId: 7, fromId: 7, fromName: 'Rosa', text }),
  })
  expect(await answer.json()).toMatchObject({ ok: true })
}

const texts = () => test.inbox.map(({ text }) => text)

describe('Telegram as Crabline emulates it', () => {
  it('is polled, asked again for what could not be stored, and confirmed', async () => {
    test.failSaves(databaseAway())
    await citizenWrites('uno')
    read(connect())
    await eventually(texts).toEqual(['uno'])
    await citizenWrites('dos')
    await eventually(texts).toEqual(['uno', 'dos'])
    await eventually(() => test.cursors.get('telegram/default')).toBe('424242:3')
    expect(test.inbox[0]).toMatchObject({ from: { address: '7', name: 'Rosa' }, kind: 'text', externalId: '1' })
  })

  it('takes our messages, keyboards and files', async () => {
    await citizenWrites('hola')
    const channel = connect()
    const send = (message: Parameters<AnyChannel['send']>[0]['message']) =>
      channel.send({ id: '1', to: '7', message }, enough())
    test.files.set('foto', Buffer.from([0xff, 0xd8, 0xff]))
    const media = { kind: 'image', key: 'foto', mime: 'image/jpeg', fileName: 'así.jpg' } as const
    const ids = [
      await send({ text: '¿Qué pasó?', options: [{ id: 'bache', label: 'Bache' }] }),
      await send({ text: '¿Dónde?', requestLocation: 'Compartir mi ubicación' }),
      await send({ text: 'Así quedó', media, replyTo: '2' }),
    ].map(({ providerId }) => Number(providerId))
    expect(ids).toEqual([2, 3, 4])
    await channel.typing?.('7', enough())
    await expect(send({ text: 'x'.repeat(4097) })).rejects.toMatchObject({ code: 'invalid', retryable: false })
  })

  it('delivers to our webhook with its secret until it was stored', async () => {
    const port = await freePort()
    const channel = connect({ mode: 'webhook', webhookSecret: 'a-secret', publicUrl: `http://127.0.0.1:${port}` })
    const app = await createHttpServer({ log: test.context.log, trustProxy: false })
    await channel.routes?.(app)
    await app.listen({ port, host: '127.0.0.1' })
    test.failSaves(databaseAway())
    read(channel)
    await eventually(() => channel.health?.()).toMatchObject({ ok: true, code: 'webhook' })
    await citizenWrites('uno')
    await eventually(texts).toEqual(['uno'])
    await app.close()
  })
})
