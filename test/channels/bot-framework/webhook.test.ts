import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createSigningKey } from '../../fakes/bot-framework/signed-token.ts'
import { BOT, type Bots, createBots, databaseAway, EMULATOR, OTHER_BOT, shareBots } from './context.ts'

const SOON = Math.floor(Date.now() / 1000)

/** The rows behind what was heard. */
const references = async ({ database }: Bots) =>
  (
    await database
      .fork()
      .getConnection()
      .execute<{ account: string; address: string; reference: { serviceUrl: string } }[]>(
        'select account, address, reference from bot_framework_reference order by account, address',
      )
  ).map(({ account, address, reference }) => [account, address, reference.serviceUrl])

describe('a signed activity', () => {
  it('is stored once, and where to answer it is kept', async () => {
    const bots = await createBots()
    expect((await bots.deliver('teams-text')).status).toBe(200)
    expect((await bots.deliver('teams-text')).status).toBe(200)
    expect(bots.inbox.map(({ text }) => text)).toEqual(['hay un bache enfrente de mi casa'])
    expect(await references(bots)).toEqual([['default', 'msteams/a:1pruebaTeams', bots.service.serviceUrl]])
  })

  it('is for the bot that its token names', async () => {
    const bots = await createBots()
    await bots.post(bots.fixture('line-text'), bots.service.authorization(OTHER_BOT))
    expect(bots.inbox.map(({ account, text }) => [account, text])).toEqual([['dif', 'no hay luz en la colonia']])
  })

  it('may be signed by a key that endorses its channel', async () => {
    const bots = await createBots()
    const key = createSigningKey('de-teams', ['msteams', 'webchat'])
    bots.service.publish(key)
    expect((await bots.post(bots.fixture('teams-text'), bots.service.authorization(BOT, {}, key))).status).toBe(200)
    expect(bots.inbox).toHaveLength(1)
  })
})

type Header = (bots: Bots) => string | undefined

/** Who is not believed: what the header says, and the status. */
const strangers: [who: string, header: Header, status: number][] = [
  ['nobody, without a header', () => '', 401],
  ['no scheme', ({ service }) => service.authorization(BOT).replace('Bearer ', ''), 401],
  ['another scheme', () => 'Basic dWFjOnNlY3JldG8=', 401],
  ['no token', () => 'Bearer hola', 401],
  ['half a token', ({ service }) => service.authorization(BOT).slice(0, -100), 401],
  ['a token for another bot', ({ service }) => service.authorization({ appId: 'otro-bot' }), 401],
  ['a token without an audience', ({ service }) => service.authorization(BOT, { aud: undefined }), 401],
  ['another issuer', ({ service }) => service.authorization(BOT, { iss: 'https://malo.example' }), 401],
  ['no issuer', ({ service }) => service.authorization(BOT, { iss: undefined }), 401],
  ['several issuers', ({ service }) => service.authorization(BOT, { iss: ['https://api.botframework.com'] }), 401],
  ['an expired token', ({ service }) => service.authorization(BOT, { nbf: SOON - 7200, exp: SOON - 3600 }), 401],
  ['a token of tomorrow', ({ service }) => service.authorization(BOT, { nbf: SOON + 86_400, exp: SOON + 90_000 }), 401],
  ['an unknown key', ({ service }) => service.authorization(BOT, {}, createSigningKey('otra')), 401],
  ['another key with the same name', ({ service }) => service.authorization(BOT, {}, createSigningKey('clave-1')), 401],
  ['no signature', ({ service }) => `${service.authorization(BOT, {}, service.key, { alg: 'none' })}x`, 401],
  ['an empty signature', ({ service }) => service.authorization(BOT, {}, service.key, { alg: 'none' }), 401],
  [
    'a shared secret for a signature',
    ({ service }) => service.authorization(BOT, {}, service.key, { alg: 'HS256' }),
    401,
  ],
  ['another service', ({ service }) => service.authorization(BOT, { serviceurl: 'https://malo.example/' }), 401],
  ['no service', ({ service }) => service.authorization(BOT, { serviceurl: undefined }), 401],
  [
    'the Emulator, by our own credentials',
    ({ service }) =>
      service.authorization(BOT, {
        ...{ iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/', ver: '1.0', appid: BOT.appId },
        ...{ tid: 'd6d49420-f39b-4df7-a1dc-d59a935871db' },
      }),
    401,
  ],
  ['another bot, as its skill', ({ service }) => service.authorization(BOT, { ver: '2.0', azp: 'otro-bot' }), 401],
  [
    'a key that does not endorse the channel',
    ({ service }) => {
      const key = createSigningKey('de-line', ['line'])
      service.publish(key)
      return service.authorization(BOT, {}, key)
    },
    401,
  ],
]

describe('who is not believed', () => {
  const shared = shareBots()

  it.each(strangers)('%s is refused, and nothing is stored', async (_who, header, status) => {
    const bots = shared()
    const answer = await bots.post(bots.fixture('teams-text'), header(bots))
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(bots.inbox).toEqual([])
    expect(await references(bots)).toEqual([])
  })

  it('has no channel that is authenticated otherwise', async () => {
    const bots = shared()
    const activity = { ...bots.fixture('teams-text'), channelId: 'AseChannel' }
    expect((await bots.post(activity)).status).toBe(403)
    expect(bots.inbox).toEqual([])
  })

  it('is not answered over an open line', async () => {
    const bots = shared()
    const serviceUrl = 'http://service.example/amer/'
    const answer = await bots.post(
      { ...bots.fixture('teams-text'), serviceUrl },
      bots.service.authorization(BOT, { serviceurl: serviceUrl }),
    )
    expect(answer.status).toBe(403)
    expect(await references(bots)).toEqual([])
  })

  it('is not told why in more than a sentence', async () => {
    const bots = shared()
    const answer = await bots.post(bots.fixture('teams-text'), bots.service.authorization({ appId: 'otro-bot' }))
    expect(await answer.json()).toEqual({
      ...{ type: 'about:blank', title: 'Unauthorized', status: 401 },
      detail: 'The token does not hold.',
    })
  })
})

describe('what may pass', () => {
  it.each([500, 404])(
    'the keys cannot be read (%d): the service is asked to come again, and it shows',
    async (status) => {
      const bots = await createBots()
      bots.service.failKeys(status)
      const answer = await bots.deliver('teams-text')
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
      expect(bots.channel.health?.()).toMatchObject({ ok: false, code: 'keys-away' })
      bots.service.failKeys(undefined)
      expect((await bots.deliver('teams-text')).status).toBe(200)
      expect(bots.channel.health?.()).toMatchObject({ ok: true, code: 'ready' })
      expect(bots.inbox).toHaveLength(1)
    },
  )

  it('the database is away', async () => {
    const bots = await createBots()
    bots.failSaves(databaseAway())
    expect((await bots.deliver('teams-text')).status).toBe(503)
    expect((await bots.deliver('teams-text')).status).toBe(200)
    expect(bots.inbox).toHaveLength(1)
  })

  it('the database does not answer', async () => {
    const bots = await createBots()
    const release = bots.holdSaves()
    expect((await bots.deliver('teams-text')).status).toBe(503)
    release()
  })
})

describe('a body', () => {
  const shared = shareBots()

  it.each([
    ['no JSON', 'hola', 400],
    ['half a JSON', '{"type":"message","conv', 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['an activity of nobody', '{"type":"message"}', 400],
    ['no service', { serviceUrl: undefined }, 400],
    ['a service that is no address', { serviceUrl: 'file:///etc/passwd' }, 400],
    ['no conversation', { conversation: {} }, 400],
    ['a channel that is no word', { channelId: 'a/b' }, 400],
    ['no channel', { channelId: undefined }, 400],
  ])('of %s is refused, though it is signed', async (_label, body, status) => {
    const bots = shared()
    const sent = typeof body === 'string' ? body : { ...bots.fixture('teams-text'), ...body }
    expect((await bots.post(sent)).status).toBe(status)
    expect(bots.inbox).toEqual([])
  })

  it('that is too large is refused', async () => {
    const bots = shared()
    const end = await bots.post({ ...bots.fixture('teams-text'), padding: 'x'.repeat(2 << 20) }).then(
      ({ status }) => status,
      () => 'closed',
    )
    expect([413, 'closed']).toContain(end)
    expect(bots.inbox).toEqual([])
  })

  it('that is no JSON by its own word is refused', async () => {
    const bots = shared()
    const answer = await bots.post(bots.fixture('teams-text'), undefined, { 'content-type': 'text/plain' })
    expect(answer.status).toBe(400)
  })
})

describe('what asks for an answer', () => {
  it('is told that an invoke is not offered', async () => {
    const bots = await createBots()
    expect((await bots.deliver('teams-invoke')).status).toBe(501)
    expect(bots.inbox).toEqual([])
  })

  it('gets no replies inside, for they come by the service', async () => {
    const bots = await createBots()
    const answer = await bots.post({ ...bots.fixture('teams-text'), deliveryMode: 'expectReplies' })
    expect([answer.status, await answer.json()]).toEqual([200, { activities: [] }])
    expect(bots.inbox).toHaveLength(1)
  })

  it.each(['webchat-typing', 'teams-group', 'webchat-end', 'teams-members-bot'])(
    '%s is confirmed and leaves no row',
    async (name) => {
      const bots = await createBots()
      expect((await bots.deliver(name)).status).toBe(200)
      expect(bots.inbox).toEqual([])
      expect(await references(bots)).toEqual([])
      expect(bots.logged()).toContain('an activity was ignored')
    },
  )
})

it('the log has no secret and no words of the citizen’s', async () => {
  const bots = await createBots()
  for (const name of ['teams-text', 'teams-group', 'webchat-of-the-future', 'sms-text']) await bots.deliver(name)
  for (const secret of [BOT.password, 'bache', '833000', 'Persona de Prueba'])
    expect(bots.logged()).not.toContain(secret)
})

describe('the Emulator', () => {
  const speak = async (bots: Bots, headers: Record<string, string>, activity: object = bots.fixture('emulator-text')) =>
    new Promise<number>((resolve, reject) => {
      const { port } = new URL(bots.url)
      const asked = request(
        {
          port,
          host: '127.0.0.1',
          method: 'POST',
          path: '/api/messages',
          headers: { 'content-type': 'application/json', ...headers },
        },
        (answer) => resolve(answer.resume().statusCode ?? 0),
      )
      asked.on('error', reject)
      asked.end(JSON.stringify(activity))
    })

  it('is heard on this machine without a token, and answered without one', async () => {
    const bots = await createBots({ bots: EMULATOR })
    expect(await speak(bots, {})).toBe(200)
    expect(bots.inbox.map(({ text }) => text)).toEqual(['hola'])
    const to = bots.inbox[0]?.from.address ?? ''
    expect(await bots.send(to, { text: 'Buenas tardes' })).toEqual({ providerId: 'enviado-1' })
    expect(bots.service.posted[0]?.authorization).toBeUndefined()
    expect(bots.channel.health?.()).toMatchObject({ ok: true, code: 'emulator' })
  })

  it.each([
    ['a proxy in between', { 'x-forwarded-for': '201.1.2.3' }],
    ['another proxy', { forwarded: 'for=201.1.2.3' }],
    ['a browser that was led here', { host: 'malo.example' }],
    ['a page of a site', { origin: 'https://malo.example' }],
    ['a name that begins well', { host: 'localhost.malo.example' }],
  ])('%s is refused', async (_label, headers) => {
    const bots = await createBots({ bots: EMULATOR })
    expect(await speak(bots, headers)).toBe(403)
    expect(bots.inbox).toEqual([])
  })

  it('cannot have us call another machine', async () => {
    const bots = await createBots({ bots: EMULATOR })
    const activity = { ...bots.fixture('emulator-text'), serviceUrl: 'http://169.254.169.254/latest/' }
    expect(await speak(bots, {}, activity)).toBe(403)
    expect(bots.inbox).toEqual([])
    expect(await references(bots)).toEqual([])
  })
})
