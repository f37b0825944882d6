import { TelegramServer } from 'telegram-test-api/lib/telegramServer.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTelegram } from '../../../src/channels/telegram/telegram.ts'
import { createTestContext, enough, eventually, freePort, QUICK } from './context.ts'

// A second Bot API written by others, for presses. It holds no poll, forgets an update once it was read, sends no secret
// to webhooks and knows no files: the rest is tried with Crabline and with our own.

const TOKEN = '4242:of-the-emulator'

let server: TelegramServer

beforeEach(async () => {
  server = new TelegramServer({ port: await freePort(), host: '127.0.0.1' })
  await server.start()
})

afterEach(() => server.stop())

describe('Telegram as telegram-test-api emulates it', () => {
  it('carries a menu to the citizen and the press back', async () => {
    const { context, inbox } = createTestContext()
    const options = { token: TOKEN, account: 'default', apiRoot: server.config.apiURL, mode: 'polling' } as const
    const channel = createTelegram(options, context, QUICK)
    const stopping = new AbortController()
    const reading = channel.run?.(stopping.signal)
    const citizen = server.getClient(TOKEN, { userId: 7, chatId: 7, firstName: 'Rosa' })

    await citizen.sendCommand(citizen.makeCommand('/start cartel'))
    await eventually(() => inbox[0]).toMatchObject({
      kind: 'start',
      text: 'cartel',
      from: { address: '7', name: 'Rosa' },
    })

    const menu = { text: '¿Qué pasó?', options: [{ id: 'cat:bache', label: 'Bache' }] }
    await channel.send({ id: '1', to: '7', message: menu }, enough())
    const [shown] = (await citizen.getUpdates()).result
    expect(shown?.message).toMatchObject({
      text: '¿Qué pasó?',
      reply_markup: { inline_keyboard: [[{ text: '1. Bache', callback_data: 'cat:bache' }]] },
    })

    await citizen.sendCallback(
      citizen.makeCallbackQuery('cat:bache', { message: { message_id: 2, chat: { id: 7, type: 'private' } } }),
    )
    await eventually(() => inbox[1]).toMatchObject({ kind: 'choice', choice: { id: 'cat:bache' } })
    const press = inbox[1]
    if (press) await channel.acknowledge?.(press, enough())

    stopping.abort()
    await reading
    expect(server.getUpdatesHistory(TOKEN)).toHaveLength(3)
  })
})
