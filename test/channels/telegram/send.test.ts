import { describe, expect, it } from 'vitest'
import type { OutboundMessage } from '../../../src/channels/message.ts'
import type { SendError } from '../../../src/channels/send-error.ts'
import type { Misbehaviour } from '../../fakes/telegram-server.ts'
import { type Bot, createBot, enough } from './context.ts'

const send = ({ channel }: Bot, message: OutboundMessage = { text: 'Hola' }, signal = enough()) =>
  channel.send({ id: '1', to: '7', message }, signal)

/** What `send` threw; only its own fields, so that rows can be read. */
async function failure(sending: Promise<unknown>): Promise<Partial<SendError>> {
  const error = await sending.then(
    () => undefined,
    (reason: SendError) => reason,
  )
  if (error?.name !== 'SendError') throw new Error(`no SendError: ${error}`)
  const { code, retryable, retryAfter, scope, outcomeUnknown } = error
  return { code, retryable, retryAfter, scope, outcomeUnknown }
}

const rows: { label: string; way: Misbehaviour; expected: Partial<SendError> }[] = [
  {
    label: '429 is throttled for as long as it says',
    way: { status: 429, description: 'Too Many Requests: retry after 17', retryAfter: 17 },
    expected: { code: 'throttled', retryable: true, retryAfter: 17, scope: 'account', outcomeUnknown: false },
  },
  {
    label: '403 is blocked',
    way: { status: 403, description: 'Forbidden: bot was blocked by the user' },
    expected: { code: 'blocked', retryable: false, scope: 'conversation', outcomeUnknown: false },
  },
  {
    label: '400 for a chat that does not exist is blocked',
    way: { status: 400, description: 'Bad Request: chat not found' },
    expected: { code: 'blocked', retryable: false, scope: 'conversation', outcomeUnknown: false },
  },
  {
    label: 'any other 400 is invalid',
    way: { status: 400, description: 'Bad Request: message is too long' },
    expected: { code: 'invalid', retryable: false, scope: 'conversation', outcomeUnknown: false },
  },
  {
    label: '401 is the account’s',
    way: { status: 401, description: 'Unauthorized' },
    expected: { code: 'unauthorized', retryable: true, scope: 'account', outcomeUnknown: false },
  },
  {
    label: '404 is a token that is none',
    way: { status: 404, description: 'Not Found' },
    expected: { code: 'unauthorized', retryable: true, scope: 'account', outcomeUnknown: false },
  },
  {
    label: '500 is a failure of theirs, without an effect',
    way: { status: 500 },
    expected: { code: 'unavailable', retryable: true, scope: 'conversation', outcomeUnknown: false },
  },
  {
    label: '502 likewise',
    way: { status: 502 },
    expected: { code: 'unavailable', retryable: true, scope: 'conversation', outcomeUnknown: false },
  },
  {
    label: '504 leaves the outcome unknown',
    way: { status: 504 },
    expected: { code: 'unavailable', retryable: true, scope: 'conversation', outcomeUnknown: true },
  },
  {
    label: 'an answer lost after the message was taken leaves the outcome unknown',
    way: 'drop',
    expected: { code: 'unavailable', retryable: true, scope: 'conversation', outcomeUnknown: true },
  },
  {
    label: 'a connection closed by the platform leaves the outcome unknown, for we cannot tell it from the former',
    way: 'refuse',
    expected: { code: 'unavailable', retryable: true, scope: 'conversation', outcomeUnknown: true },
  },
]

describe('sending to Telegram', () => {
  it('gives the id of the message', async () => {
    await using bot = await createBot()
    bot.telegram.openChat(7)
    expect(await send(bot)).toEqual({ providerId: '101' })
    expect(bot.telegram.sent(7).map(({ payload }) => payload.text)).toEqual(['Hola'])
  })

  it.each(rows)('$label', async ({ way, expected }) => {
    await using bot = await createBot()
    bot.telegram.openChat(7)
    bot.telegram.misbehave('sendMessage', way)
    expect(await failure(send(bot))).toEqual({ retryAfter: undefined, ...expected })
    expect(bot.telegram.sent()).toHaveLength(way === 'drop' ? 1 : 0)
  })

  it('gives up when the time of the call is over, and then does not know the outcome', async () => {
    await using bot = await createBot()
    bot.telegram.openChat(7)
    bot.telegram.misbehave('sendMessage', 'hang')
    expect(await failure(send(bot, undefined, AbortSignal.timeout(50)))).toMatchObject({
      code: 'timeout',
      retryable: true,
      outcomeUnknown: true,
    })
  })

  it('knows that nothing was sent when its time was over before', async () => {
    await using bot = await createBot()
    expect(await failure(send(bot, undefined, AbortSignal.abort()))).toMatchObject({
      code: 'timeout',
      outcomeUnknown: false,
    })
    expect(bot.telegram.calls).toEqual([])
  })

  it('knows that nothing was sent when nobody listens', async () => {
    const bot = await createBot()
    await bot.telegram.close()
    expect(await failure(send(bot))).toMatchObject({
      code: 'unavailable',
      retryable: true,
      scope: 'account',
      outcomeUnknown: false,
    })
  })

  it('sends a file of ours with its caption and keyboard', async () => {
    await using bot = await createBot()
    bot.telegram.openChat(7)
    bot.files.set('fotos/1', Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x0a]))
    const media = { kind: 'image', key: 'fotos/1', mime: 'image/jpeg', fileName: 'así quedó.jpg' } as const
    await send(bot, { text: 'Así quedó', media, replyTo: '55', options: [{ id: 'ok', label: 'Gracias' }] })
    const [call] = bot.telegram.sent(7)
    expect(call?.method).toBe('sendPhoto')
    expect(call?.files).toEqual([
      { field: 'photo', fileName: 'así quedó.jpg', bytes: Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x0a]) },
    ])
    expect(call?.payload).toMatchObject({
      chat_id: '7',
      caption: 'Así quedó',
      reply_markup: { inline_keyboard: [[{ text: '1. Gracias', callback_data: 'ok' }]] },
      reply_parameters: { message_id: 55 },
    })
  })

  it('tries again later when the file cannot be read', async () => {
    await using bot = await createBot()
    const media = { kind: 'image', key: 'missing', mime: 'image/jpeg', fileName: 'x.jpg' } as const
    expect(await failure(send(bot, { media }))).toMatchObject({ code: 'unavailable', outcomeUnknown: false })
    expect(bot.telegram.calls).toEqual([])
  })

  it('never tells the token, nor what was sent, in an error', async () => {
    await using bot = await createBot()
    bot.telegram.openChat(7)
    const secret = bot.telegram.token
    for (const way of ['drop', 'refuse', { status: 500 }, { status: 400 }] as const) {
      bot.telegram.misbehave('sendMessage', way)
      const error = await send(bot, { text: 'mi nombre es Rosa' }).catch((reason: unknown) => reason)
      bot.context.log.error({ err: error }, 'a send failed')
    }
    bot.telegram.misbehaveBy(() => ({ status: 400 }))
    await bot.channel.typing?.('7', enough())
    expect(bot.logged()).toContain('SendError')
    expect(bot.logged()).not.toContain(secret)
    expect(bot.logged()).not.toContain('Rosa')
  })
})

describe('courtesies of Telegram', () => {
  it('shows that we are writing, and does not mind a failure', async () => {
    await using bot = await createBot()
    bot.telegram.openChat(7)
    await bot.channel.typing?.('7', enough())
    bot.telegram.misbehave('sendChatAction', { status: 500 }, 'refuse')
    await bot.channel.typing?.('7', enough())
    await bot.channel.typing?.('7', enough())
    expect(bot.telegram.calls.map(({ payload }) => payload)).toEqual(
      new Array(3).fill({ chat_id: '7', action: 'typing' }),
    )
  })

  it('answers a press, and only a press', async () => {
    await using bot = await createBot()
    const press = {
      channel: 'telegram',
      account: 'default',
      externalId: '1',
      from: { address: '7' },
      sentAt: new Date(),
    }
    await bot.channel.acknowledge?.({ ...press, kind: 'text', text: 'Hola' }, enough())
    const choice = { ...press, kind: 'choice', choice: { id: 'x' }, channelData: { callbackQueryId: '30594' } } as const
    await bot.channel.acknowledge?.(choice, enough())
    bot.telegram.misbehave('answerCallbackQuery', { status: 400, description: 'Bad Request: query is too old' })
    await bot.channel.acknowledge?.(choice, enough())
    expect(bot.telegram.calls.map(({ method, payload }) => [method, payload])).toEqual(
      new Array(2).fill(['answerCallbackQuery', { callback_query_id: '30594' }]),
    )
  })
})

describe('the limits of Telegram', () => {
  it('are its own unless the settings say otherwise', async () => {
    await using bot = await createBot()
    expect(bot.channel.limits).toMatchObject({ text: 4096, caption: 1024, rate: 30, conversationPause: 1000 })
    expect(bot.channel.limits.idempotentSend).toBe(false)
    expect(bot.channel.limits.links).toBeUndefined()
    await using lifted = await createBot({ rate: 0 })
    expect(lifted.channel.limits).toMatchObject({ rate: 0, conversationPause: 0 })
  })

  it.each(['http://localhost:3000', undefined])('write links out when our address is %s', async (publicUrl) => {
    await using bot = await createBot({ publicUrl })
    expect(bot.channel.limits.links).toBe('text')
  })
})
