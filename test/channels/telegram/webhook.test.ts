import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import type { TelegramOptions } from '../../../src/channels/telegram/telegram.ts'
import type { Timings } from '../../../src/channels/telegram/timings.ts'
import { createHttpServer } from '../../../src/runtime/http.ts'
import { type Bot, createBot, databaseAway, eventually, says } from './context.ts'

const SECRET = 'a-secret_of-Telegram'

let app: FastifyInstance | undefined
afterEach(() => app?.close())

/** A bot behind a webhook on a real socket. */
async function createHookedBot(options: Partial<TelegramOptions> = {}, timings: Partial<Timings> = {}) {
  const bot = await createBot({ mode: 'webhook', webhookSecret: SECRET, ...options }, { timings })
  app = await createHttpServer({ log: bot.context.log, trustProxy: false })
  await bot.channel.routes?.(app)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { bot, url }
}

const post = (url: string, body: unknown, secret: string | undefined = SECRET, path = '/webhooks/telegram') =>
  fetch(`${url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(secret && { 'x-telegram-bot-api-secret-token': secret }) },
  })

const update = (id: number, text = 'uno') => ({ update_id: id, ...says(text) })

/** Tells Telegram directly where to deliver, over plain HTTP, as its `setWebhook` with https cannot be tried here. */
const hook = ({ telegram }: Bot, url: string, secret = SECRET) =>
  fetch(`${telegram.url}/bot${telegram.token}/setWebhook?url=${url}/webhooks/telegram&secret_token=${secret}`)

describe('the webhook of Telegram', () => {
  it('answers 200 after the commit', async () => {
    const { bot, url } = await createHookedBot()
    await using _ = bot
    const release = bot.holdSaves()
    const answer = post(url, update(1))
    const sooner = await Promise.race([answer, new Promise((resolve) => setImmediate(resolve, 'waits'))])
    expect(sooner).toBe('waits')
    release()
    expect((await answer).status).toBe(200)
    expect(bot.inbox).toMatchObject([{ externalId: '1', text: 'uno' }])
  })

  it('takes a redelivery and does nothing', async () => {
    const { bot, url } = await createHookedBot()
    await using _ = bot
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await post(url, update(1))).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(bot.inbox).toHaveLength(1)
  })

  const refused: { label: string; body: unknown; secret?: string; status: number }[] = [
    { label: 'without a secret', body: update(1), secret: '', status: 401 },
    { label: 'with a wrong secret', body: update(1), secret: 'a-secret_of-Telegrax', status: 401 },
    { label: 'with a part of the secret', body: update(1), secret: 'a-secret', status: 401 },
    { label: 'oversize', body: JSON.stringify(update(1, 'x'.repeat(2 << 20))), status: 413 },
    { label: 'that is not JSON', body: '{"update_id": 1,', status: 400 },
    { label: 'empty', body: '', status: 400 },
    { label: 'that is a list', body: [update(1)], status: 400 },
    { label: 'that is no update', body: { hello: 'world' }, status: 400 },
    { label: 'whose number is none', body: { ...update(1), update_id: '1' }, status: 400 },
  ]

  it.each(refused)('refuses a body $label with $status and stores nothing', async ({ body, secret, status }) => {
    const { bot, url } = await createHookedBot()
    await using _ = bot
    const answer = await post(url, body, secret)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(bot.inbox).toEqual([])
  })

  it('does not even receive the body of a stranger', async () => {
    const { bot, url } = await createHookedBot()
    await using _ = bot
    // The connection is closed while the body is still being sent, so the answer may be lost on its way.
    const end = await post(url, 'x'.repeat(8 << 20), '').then(
      ({ status }) => status,
      () => 'closed',
    )
    expect([401, 'closed']).toContain(end)
    expect(bot.inbox).toEqual([])
  })

  it('confirms what nobody can read, for it would come again for ever', async () => {
    const { bot, url } = await createHookedBot()
    await using _ = bot
    expect((await post(url, { update_id: 1, message: { ...says('').message, text: 7, photo: 1 } })).status).toBe(200)
    expect((await post(url, { update_id: 2, hologram: true })).status).toBe(200)
    expect(bot.inbox.map(({ kind }) => kind)).toEqual(['unsupported'])
  })

  it('asks to come again when the database is away', async () => {
    const { bot, url } = await createHookedBot()
    await using _ = bot
    bot.failSaves(databaseAway())
    const answer = await post(url, update(1))
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post(url, update(1))).status).toBe(200)
    expect(bot.inbox).toHaveLength(1)
  })

  it('does not wait long for a database that does not answer', async () => {
    const { bot, url } = await createHookedBot({}, { save: 20 })
    await using _ = bot
    const release = bot.holdSaves()
    const answer = await post(url, update(1))
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    release()
  })

  it('has a place for each account, and the default one two', async () => {
    const { bot, url } = await createHookedBot()
    await using _ = bot
    expect((await post(url, update(1), SECRET, '/webhooks/telegram/default')).status).toBe(200)
    expect((await post(url, update(2), SECRET, '/webhooks/telegram/other')).status).toBe(404)
    await app?.close()
    const other = await createHookedBot({ account: 'other' })
    await using __ = other.bot
    expect((await post(other.url, update(3), SECRET, '/webhooks/telegram/other')).status).toBe(200)
    expect((await post(other.url, update(4))).status).toBe(404)
    expect(other.bot.inbox).toMatchObject([{ account: 'other' }])
  })

  it('does not exist while the bot is polled', async () => {
    await using bot = await createBot({ mode: 'polling' })
    expect(bot.channel.routes).toBeUndefined()
  })

  it('cannot be had without a secret or an address', async () => {
    await expect(createBot({ mode: 'webhook' })).rejects.toThrow(/TELEGRAM_WEBHOOK_SECRET/)
    await expect(createBot({ mode: 'webhook', webhookSecret: SECRET, publicUrl: undefined })).rejects.toThrow(
      /PUBLIC_URL/,
    )
  })
})

describe('Telegram delivering to the webhook', () => {
  it('delivers until it was stored, and in the order of each chat', async () => {
    const { bot, url } = await createHookedBot()
    await using _ = bot
    bot.failSaves(databaseAway(), databaseAway(), databaseAway())
    await hook(bot, url)
    const texts = Array.from({ length: 30 }, (_, index) => String(index))
    for (const text of texts) bot.telegram.push(says(text, 1 + (Number(text) % 3)))
    await eventually(() => bot.telegram.waiting()).toBe(0)
    expect(bot.telegram.deliveries.filter(({ status }) => status === 503)).toHaveLength(3)
    for (const chat of [1, 2, 3]) {
      const seen = bot.inbox.filter(({ from }) => from.address === String(chat)).map(({ text }) => Number(text))
      expect(seen).toEqual(seen.toSorted((a, b) => a - b))
      expect(seen).toHaveLength(10)
    }
  })

  it('is told the webhook, its secret and what we want to hear, and again when it was taken away', async () => {
    const { bot } = await createHookedBot()
    await using _ = bot
    bot.telegram.misbehave('setWebhook', { status: 500 })
    bot.read()
    await eventually(() => bot.telegram.webhook()).toBeDefined()
    expect(bot.leases).toEqual(['telegram/default'])
    const calls = () => bot.telegram.calls.filter(({ method }) => method === 'setWebhook')
    expect(calls().at(-1)?.payload).toEqual({
      url: 'https://altamira.example/webhooks/telegram',
      secret_token: SECRET,
      allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction'],
      max_connections: 40,
      drop_pending_updates: false,
    })
    await eventually(() => bot.channel.health?.()).toMatchObject({ ok: true, code: 'webhook' })
    const before = calls().length
    await fetch(`${bot.telegram.url}/bot${bot.telegram.token}/deleteWebhook`)
    await eventually(() => bot.telegram.webhook()?.url).toBe('https://altamira.example/webhooks/telegram')
    expect(calls().length).toBeGreaterThan(before)
    expect(bot.logged()).not.toContain(SECRET)
  })

  it('says when the webhook cannot be reached, and when it is refused', async () => {
    const { bot } = await createHookedBot({ publicUrl: 'http://127.0.0.1:9' })
    await using _ = bot
    bot.context.now = () => new Date()
    const refused = { status: 400, description: 'Bad Request: bad webhook: An HTTPS URL must be provided' }
    bot.telegram.misbehaveBy(({ method }) => (method === 'setWebhook' ? refused : undefined))
    bot.read()
    await eventually(() => bot.channel.health?.()).toMatchObject({ ok: false, code: 'webhook-refused' })
    bot.telegram.misbehaveBy(undefined)
    await eventually(() => bot.channel.health?.()).toMatchObject({ ok: true, code: 'webhook' })
    bot.telegram.push(says('uno'))
    await eventually(() => bot.channel.health?.()).toMatchObject({ ok: false, code: 'webhook-failing' })
  })
})
