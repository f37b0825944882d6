import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTelegramServer, type FakeTelegram } from './telegram-server.ts'

let telegram: FakeTelegram
afterEach(() => telegram.close())

const apiAnswer = z.looseObject({
  ok: z.boolean(),
  result: z.union([z.array(z.object({ update_id: z.int() })), z.looseObject({ message_id: z.int() })]).optional(),
})

const says = (text: string, chat = 7) => ({ message: { message_id: 1, chat: { id: chat, type: 'private' }, text } })

async function call(method: string, payload: object = {}) {
  const response = await fetch(`${telegram.url}/bot${telegram.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  })
  return { status: response.status, body: apiAnswer.parse(await response.json()) }
}

const idsOf = ({ body: { result } }: Awaited<ReturnType<typeof call>>) =>
  Array.isArray(result) ? result.map(({ update_id: id }) => id) : result

describe('the fake Bot API', () => {
  it('gives updates again until an offset beyond them confirms them', async () => {
    telegram = await createTelegramServer({ firstUpdateId: 10 })
    telegram.push(says('a'))
    telegram.push(says('b'))
    expect(idsOf(await call('getUpdates'))).toEqual([10, 11])
    expect(idsOf(await call('getUpdates', { offset: 11 }))).toEqual([11])
    expect(telegram.confirmed.map(({ updateId }) => updateId)).toEqual([10])
    expect(telegram.waiting()).toBe(1)
  })

  it('reads from its oldest when an offset is far beyond its numbers, and confirms nothing', async () => {
    telegram = await createTelegramServer({ firstUpdateId: 10 })
    telegram.push(says('a'))
    expect(idsOf(await call('getUpdates', { offset: 9_000 }))).toEqual([10])
    expect(telegram.waiting()).toBe(1)
  })

  it('holds a poll that has nothing until something comes, and lets a second one end it', async () => {
    telegram = await createTelegramServer()
    const first = call('getUpdates', { timeout: 30 })
    await expect.poll(() => telegram.calls.length).toBe(1)
    const second = call('getUpdates', { timeout: 30 })
    expect((await first).status).toBe(409)
    const id = telegram.push(says('a'))
    expect(idsOf(await second)).toEqual([id])
  })

  it('refuses what the Bot API refuses', async () => {
    telegram = await createTelegramServer()
    telegram.openChat(7)
    telegram.block(8)
    const inline = (button: object) => ({ chat_id: 7, text: 'x', reply_markup: { inline_keyboard: [[button]] } })
    const refused = [
      { chat_id: 7, text: '' },
      { chat_id: 7, text: 'x'.repeat(4097) },
      { chat_id: 99, text: 'x' },
      inline({ text: 'x', callback_data: 'ñ'.repeat(33) }),
      inline({ text: 'x', url: 'http://localhost:3000/' }),
    ]
    for (const payload of refused) expect((await call('sendMessage', payload)).status).toBe(400)
    expect((await call('sendMessage', { chat_id: 8, text: 'x' })).status).toBe(403)
    expect((await call('sendPhoto', { chat_id: 7 })).status).toBe(400)
    expect(telegram.sent()).toEqual([])
    expect((await call('sendMessage', { chat_id: 7, text: 'x' })).body.result).toMatchObject({ message_id: 101 })
    expect(telegram.sent(7)).toHaveLength(1)
  })

  it('does as it was told to misbehave, once each', async () => {
    telegram = await createTelegramServer()
    telegram.openChat(7)
    telegram.misbehave('sendMessage', { status: 429, retryAfter: 3 }, 'drop', 'refuse')
    const send = () => call('sendMessage', { chat_id: 7, text: 'x' })
    expect(await send()).toMatchObject({ status: 429, body: { ok: false, parameters: { retry_after: 3 } } })
    await expect(send()).rejects.toThrow()
    await expect(send()).rejects.toThrow()
    expect((await send()).status).toBe(200)
    expect(telegram.calls.map(({ answered, accepted }) => [answered, accepted])).toEqual([
      [429, false],
      ['dropped', true],
      ['dropped', false],
      [200, true],
    ])
  })
})
