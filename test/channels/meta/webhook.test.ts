import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpServer } from '../../../src/runtime/http.ts'
import {
  APP_SECRET,
  createAccounts,
  databaseAway,
  ENVIRONMENT,
  fixture,
  signature,
  TOKEN,
  VERIFY_TOKEN,
} from './context.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(() => Promise.all(closing.splice(0).map((close) => close())))

/** The accounts of the environment, with their webhook on a real port. */
async function listening(...settings: Parameters<typeof createAccounts>) {
  const accounts = createAccounts(...settings)
  const app = await createHttpServer({ log: pino({ level: 'silent' }), trustProxy: false })
  for (const channel of accounts.channels) await channel.routes?.(app)
  app.post('/other', async (request) => ({ parsed: request.body }))
  const root = await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => app.close())
  const url = `${root}/webhooks/meta`
  const post = (body: string, headers: Record<string, string> = { 'x-hub-signature-256': signature(body) }) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  return { ...accounts, root, url, post }
}

const text = JSON.stringify(fixture('messenger/text'))

describe('verifying the webhook', () => {
  const ask = (query: Record<string, string>) => `?${new URLSearchParams(query)}`
  const right = { 'hub.mode': 'subscribe', 'hub.verify_token': VERIFY_TOKEN, 'hub.challenge': '1158201444' }

  it('gives the challenge back to who knows the token', async () => {
    const { url } = await listening()
    const answer = await fetch(url + ask(right))
    expect([answer.status, await answer.text()]).toEqual([200, '1158201444'])
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
  })

  it.each([
    ['another token', { ...right, 'hub.verify_token': 'otro' }],
    ['another mode', { ...right, 'hub.mode': 'unsubscribe' }],
    ['no token', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    ['nothing', {}],
    ['an endless challenge', { ...right, 'hub.challenge': '1'.repeat(600) }],
  ])('refuses %s', async (_label, query) => {
    const { url } = await listening()
    expect((await fetch(url + ask(query))).status).toBe(403)
  })
})

describe('the webhook of Meta', () => {
  it('stores what is signed, and once', async () => {
    const { post, inbox } = await listening()
    expect((await post(text)).status).toBe(200)
    expect((await post(text)).status).toBe(200)
    expect(inbox.map((message) => message.text)).toEqual(['hay un bache enfrente de mi casa'])
  })

  it('checks the bytes as they came, not what they mean', async () => {
    const { post, inbox } = await listening()
    const escaped = text.replace('hay', '\\u0068ay').replace(':', ' : ')
    expect((await post(escaped)).status).toBe(200)
    expect((await post(escaped, { 'x-hub-signature-256': signature(text) })).status).toBe(401)
    expect(inbox).toHaveLength(1)
  })

  it.each([
    ['no signature', {}],
    ['a signature with another secret', { 'x-hub-signature-256': signature(text, 'otro') }],
    ['a signature of another body', { 'x-hub-signature-256': signature(`${text} `) }],
    ['the old SHA-1 signature', { 'x-hub-signature': 'sha1=00' }],
    ['half a signature', { 'x-hub-signature-256': signature(text).slice(0, 40) }],
    ['no hexadecimal', { 'x-hub-signature-256': `sha256=${'z'.repeat(64)}` }],
    ['an empty signature', { 'x-hub-signature-256': '' }],
  ])('refuses %s and stores nothing', async (_label, headers) => {
    const { post, inbox } = await listening()
    const answer = await post(text, headers)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(inbox).toEqual([])
  })

  it.each([
    ['no JSON', 'hola'],
    ['half a JSON', '{"object":"page","entry":['],
    ['nothing', ''],
    ['another form', '{"update_id":1}'],
    ['entries that are none', '{"object":"page","entry":7}'],
  ])('refuses %s, though it is signed', async (_label, body) => {
    const { post, inbox } = await listening()
    expect((await post(body)).status).toBe(400)
    expect(inbox).toEqual([])
  })

  it('refuses what is too large', async () => {
    const { post, inbox } = await listening()
    const body = JSON.stringify({ object: 'page', entry: [], padding: 'x'.repeat(4 << 20) })
    const end = await post(body).then(
      ({ status }) => status,
      () => 'closed',
    )
    expect([413, 'closed']).toContain(end)
    expect(inbox).toEqual([])
  })

  it('takes bodies as large as WhatsApp’s', async () => {
    const { post } = await listening()
    expect((await post(JSON.stringify({ object: 'page', entry: [], padding: 'x'.repeat(2.9e6) }))).status).toBe(200)
  })

  it('reads a body whatever it is said to be, when it is signed', async () => {
    const { post, inbox } = await listening()
    await post(text, { 'content-type': 'text/plain', 'x-hub-signature-256': signature(text) })
    expect(inbox).toHaveLength(1)
  })

  it('leaves other routes their parsed bodies', async () => {
    const { root } = await listening()
    const answer = await fetch(`${root}/other`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    })
    expect(await answer.json()).toEqual({ parsed: { a: 1 } })
  })

  it('asks to come again when the database is away, and takes it then', async () => {
    const { post, inbox, failSaves } = await listening()
    failSaves(databaseAway())
    const answer = await post(text)
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post(text)).status).toBe(200)
    expect(inbox).toHaveLength(1)
  })

  it('asks to come again when a receipt could not be noted', async () => {
    const { post, receipts, failSaves } = await listening()
    failSaves(databaseAway())
    const body = JSON.stringify(fixture('messenger/read'))
    expect((await post(body)).status).toBe(503)
    expect((await post(body)).status).toBe(200)
    expect(receipts).toHaveLength(1)
  })

  it('does not wait long for a database that does not answer', async () => {
    const { post, holdSaves } = await listening()
    const release = holdSaves()
    const began = performance.now()
    expect((await post(text)).status).toBe(503)
    expect(performance.now() - began).toBeLessThan(10_000)
    release()
  })

  it('confirms kinds of object and accounts that it does not know, for they would come for ever', async () => {
    const { post, inbox } = await listening()
    const entry = [{ id: '1', time: 1, changes: [{ field: 'email', value: 'x' }] }]
    for (const object of ['user', 'permissions', 'page']) {
      expect((await post(JSON.stringify({ object, entry }))).status).toBe(200)
    }
    expect(inbox).toEqual([])
  })

  it('tells several accounts apart, each by its page', async () => {
    const { post, inbox } = await listening(ENVIRONMENT, {
      messenger: [{ account: 'dif', page_id: '999', page_token: 'EAAother' }],
    })
    await post(JSON.stringify(fixture('messenger/batch')))
    expect(inbox.map((message) => [message.account, message.text])).toEqual([
      ['default', 'uno'],
      ['default', 'dos'],
      ['dif', 'de otra página'],
      ['default', 'tres'],
    ])
  })

  it('logs no secret and no words of the citizen’s', async () => {
    const { post, logged } = await listening()
    for (const name of ['text', 'echo-own', 'optin', 'batch', 'policy-enforcement']) {
      await post(JSON.stringify(fixture(`messenger/${name}`)))
    }
    expect(logged()).toContain('an event was ignored')
    for (const secret of [APP_SECRET, VERIFY_TOKEN, TOKEN, 'bache', '7654321098765432'])
      expect(logged()).not.toContain(secret)
  })
})

describe('the accounts of Meta', () => {
  it('are off without credentials', () => {
    expect(createAccounts({}).channels).toEqual([])
    expect(createAccounts({ ...ENVIRONMENT, META_APP_SECRET: '' }).channels).toEqual([])
    expect(createAccounts({ ...ENVIRONMENT, META_VERIFY_TOKEN: undefined }).channels).toEqual([])
    const { channels } = createAccounts({ ...ENVIRONMENT, MESSENGER_PAGE_TOKEN: '', WHATSAPP_CLOUD_TOKEN: '' })
    expect(channels).toEqual([])
  })

  it('stop the start when they are listed and the app’s secret is missing', () => {
    const canales = { messenger: [{ account: 'dif', page_id: '9', page_token: 'x' }] }
    expect(() => createAccounts({}, canales)).toThrow(/META_APP_SECRET/)
    expect(() => createAccounts({ META_APP_SECRET: 'x' }, canales)).toThrow(/META_VERIFY_TOKEN/)
  })

  it('stop the start when two are the same', () => {
    const twins = ['a', 'b'].map((account) => ({ account, instagram_id: '9', token: 'x' }))
    expect(() => createAccounts(ENVIRONMENT, { instagram: twins })).toThrow(/a and b have the same id 9/)
  })

  it('keep to Meta’s rates unless the settings say otherwise', () => {
    const rates = (environment: NodeJS.ProcessEnv, canales: unknown = {}) =>
      createAccounts(environment, canales).channels.map(({ name, limits }) => [name, limits.rate])
    expect(rates(ENVIRONMENT)).toContainEqual(['messenger', 300])
    expect(rates(ENVIRONMENT, { rates: { messenger: 5 } })).toContainEqual(['messenger', 5])
    expect(rates({ ...ENVIRONMENT, SEND_RATE: '0' })).toContainEqual(['messenger', 0])
  })
})
