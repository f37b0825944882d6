import { createServer, type Socket } from 'node:net'
import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OutboundMessage } from '../../../src/channels/message.ts'
import { createAccounts, ENVIRONMENT, enough, failure, NOW, TOKEN } from './context.ts'
import { allowTheNetwork, answering, BEARER, forbidTheNetwork, graphError } from './graph-api.ts'

beforeAll(forbidTheNetwork)
afterEach(async () => {
  nock.cleanAll()
  await close()
})
afterAll(allowTheNetwork)

const closing: (() => Promise<void>)[] = []
const close = () => Promise.all(closing.splice(0).map((one) => one()))

/** A server that does this with each connection once something was asked. */
async function listening(asked: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('data', () => asked(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

const SENT = { recipient_id: '76543', message_id: 'm_1' }

const send = (
  { channelOf }: ReturnType<typeof createAccounts>,
  message: OutboundMessage = { text: 'Hola' },
  { name = 'messenger', signal = enough() } = {},
) => channelOf(name).send({ id: '1', to: '76543', message }, signal)

/** What is said to a person of Messenger, beside who it is for. */
const rows: { label: string; message: OutboundMessage; wire: object }[] = [
  { label: 'a text', message: { text: 'Hola' }, wire: { text: 'Hola' } },
  {
    label: 'options, as quick replies with their numbers',
    message: {
      text: '¿Está bien?',
      options: [
        { id: 'si', label: 'Sí' },
        { id: 'no', label: 'No' },
      ],
    },
    wire: {
      text: '¿Está bien?',
      quick_replies: [
        { content_type: 'text', title: '1. Sí', payload: 'si' },
        { content_type: 'text', title: '2. No', payload: 'no' },
      ],
    },
  },
  {
    label: 'the offer to share the own telephone',
    message: { text: '¿Su teléfono?', requestContact: 'Compartir', options: [{ id: 'no', label: 'No quiero' }] },
    wire: {
      text: '¿Su teléfono?',
      quick_replies: [
        { content_type: 'user_phone_number' },
        { content_type: 'text', title: '1. No quiero', payload: 'no' },
      ],
    },
  },
  {
    label: 'the offer to share a place, which people do by themselves',
    message: { requestLocation: 'Mande su ubicación' },
    wire: { text: 'Mande su ubicación' },
  },
]

describe('sending by Messenger', () => {
  it.each(rows)('says $label', async ({ message, wire }) => {
    const accounts = createAccounts()
    const calls = answering('me/messages', 200, SENT)
    expect(await send(accounts, message)).toEqual({ providerId: 'm_1' })
    const [call] = calls
    expect(call?.headers).toMatchObject({ authorization: BEARER, 'content-type': 'application/json' })
    expect(call?.body).toEqual({
      recipient: { id: '76543' },
      messaging_type: 'RESPONSE',
      message: { ...wire, metadata: 'canaliza' },
    })
  })

  it('sends a file of ours in one call', async () => {
    const accounts = createAccounts()
    accounts.files.set('fotos/1', Buffer.from('bytes'))
    const calls = answering('me/messages', 200, SENT)
    const media = { kind: 'image', key: 'fotos/1', mime: 'image/jpeg', fileName: 'asi.jpg' } as const
    await send(accounts, { media })
    expect(calls[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(calls[0]?.body).toEqual({
      recipient: '{"id":"76543"}',
      messaging_type: 'RESPONSE',
      message: '{"attachment":{"type":"image","payload":{"is_reusable":false}},"metadata":"canaliza"}',
      filedata: 'asi.jpg image/jpeg',
    })
  })

  it('tries again later when the file cannot be read', async () => {
    const media = { kind: 'document', key: 'missing', mime: 'application/pdf', fileName: 'x.pdf' } as const
    expect(await failure(send(createAccounts(), { media }))).toMatchObject({ code: 'unavailable', retryable: true })
  })

  it('is content with an answer that has no id: what was sent is sent', async () => {
    answering('me/messages', 200, { recipient_id: '76543' })
    expect(await send(createAccounts())).toEqual({})
  })

  it('takes the thread back from another app, and lets the sender try again', async () => {
    const accounts = createAccounts()
    answering('me/messages', 400, graphError(10, { error_subcode: 2018300 }))
    const taken = answering('me/take_thread_control', 200, { success: true })
    expect(await failure(send(accounts))).toMatchObject({ code: 'not_connected', retryable: true })
    expect(taken.map(({ body }) => body)).toEqual([{ recipient: { id: '76543' } }])
  })
})

describe('sending by Instagram', () => {
  it('says texts and quick replies', async () => {
    const calls = answering('me/messages', 200, { recipient_id: '76543', message_id: 'aWdf' })
    const message = { text: '¿Sí?', requestContact: 'Compartir', options: [{ id: 'si', label: 'Sí' }] }
    expect(await send(createAccounts(), message, { name: 'instagram' })).toEqual({ providerId: 'aWdf' })
    expect(calls[0]?.body).toEqual({
      recipient: { id: '76543' },
      message: { text: '¿Sí?', quick_replies: [{ content_type: 'text', title: '1. Sí', payload: 'si' }] },
    })
  })

  it('uploads a file first, under a name that it takes', async () => {
    const accounts = createAccounts()
    accounts.files.set('fotos/1', Buffer.from('bytes'))
    const uploads = answering('me/message_attachments', 200, { attachment_id: '77' })
    const calls = answering('me/messages', 200, SENT)
    const media = { kind: 'image', key: 'fotos/1', mime: 'image/jpeg', fileName: 'así quedó.jpg' } as const
    await send(accounts, { media }, { name: 'instagram' })
    expect(uploads[0]?.body).toMatchObject({ platform: 'instagram', filedata: 'asi quedo.jpg image/jpeg' })
    expect(calls[0]?.body).toMatchObject({
      message: { attachment: { type: 'image', payload: { attachment_id: '77' } } },
    })
  })

  it('speaks to Instagram’s own server with a token of Instagram’s own', async () => {
    const accounts = createAccounts(ENVIRONMENT, {
      instagram: [{ account: 'dif', instagram_id: '5', token: 'IGAAtoken' }],
    })
    const calls = answering('me/messages', 200, SENT, {}, 'https://graph.instagram.com')
    await accounts.channelOf('instagram', 'dif').send({ id: '1', to: '7', message: { text: 'Hola' } }, enough())
    expect(calls[0]?.headers.authorization).toBe('Bearer IGAAtoken')
  })

  it('never says more than 1000 bytes', () => {
    const { text } = createAccounts().channelOf('instagram').limits
    for (const letter of ['á', 'ñ', 'x', '😀']) {
      const full = letter.repeat(Math.floor(text / letter.length))
      expect(Buffer.byteLength(full)).toBeLessThanOrEqual(1000)
    }
  })
})

const errors: { label: string; status: number; answer: object; expected: object; headers?: Record<string, string> }[] =
  [
    {
      label: '10 is outside the window',
      status: 400,
      answer: graphError(10, { error_subcode: 2018278 }),
      expected: { code: 'outside_window', retryable: false, providerCode: '10/2018278' },
    },
    {
      label: '10 alone too',
      status: 400,
      answer: graphError(10),
      expected: { code: 'outside_window', retryable: false },
    },
    {
      label: '10 for want of a permission is the account’s',
      status: 403,
      answer: graphError(10, { message: '(#10) Application does not have permission for this action' }),
      expected: { code: 'unauthorized', retryable: true, scope: 'account' },
    },
    {
      label: '551 is a person who cannot be reached',
      status: 400,
      answer: graphError(551, { error_subcode: 1545041 }),
      expected: { code: 'blocked', retryable: false, providerCode: '551/1545041' },
    },
    {
      label: '200 with its subcode too',
      status: 400,
      answer: graphError(200, { error_subcode: 1545041 }),
      expected: { code: 'blocked' },
    },
    {
      label: '100 for a person that does not exist',
      status: 400,
      answer: graphError(100, { error_subcode: 2018001 }),
      expected: { code: 'blocked', retryable: false },
    },
    { label: 'any other 100', status: 400, answer: graphError(100), expected: { code: 'invalid', retryable: false } },
    ...[4, 613, 80006, 130429].map((code) => ({
      label: `${code} is throttled`,
      status: 400,
      answer: graphError(code),
      expected: { code: 'throttled', retryable: true, scope: 'account' },
    })),
    {
      label: '131056 concerns one person',
      status: 400,
      answer: graphError(131056),
      expected: { code: 'throttled', retryAfter: 6, scope: 'conversation' },
    },
    ...[190, 368, 230].map((code) => ({
      label: `${code} is the account’s`,
      status: code === 190 ? 401 : 400,
      answer: graphError(code),
      expected: { code: 'unauthorized', retryable: true, scope: 'account' },
    })),
    {
      label: '131047 is outside the window',
      status: 400,
      answer: graphError(131047),
      expected: { code: 'outside_window' },
    },
    {
      label: '1200 passes',
      status: 400,
      answer: graphError(1200),
      expected: { code: 'unavailable', retryable: true, outcomeUnknown: false },
    },
    {
      label: 'what it calls transient passes',
      status: 500,
      answer: graphError(9999, { is_transient: true }),
      expected: { code: 'unavailable', retryable: true },
    },
    {
      label: 'a code of the future is a refusal',
      status: 400,
      answer: graphError(424242),
      expected: { code: 'invalid', retryable: false, providerCode: '424242' },
    },
    {
      label: '502 of something before it',
      status: 502,
      answer: {},
      expected: { code: 'unavailable', retryable: true },
    },
    { label: '504 leaves the outcome unknown', status: 504, answer: {}, expected: { outcomeUnknown: true } },
    { label: '429 without an explanation', status: 429, answer: {}, expected: { code: 'throttled', retryable: true } },
  ]

describe('outside the window of Messenger and Instagram', () => {
  const delivery = { id: '1', to: '76543', message: { text: 'Le escribe Laura' } }
  const channelOf = (name: string, agente_humano: boolean) =>
    createAccounts(ENVIRONMENT, { meta: { agente_humano } }).channelOf(name)

  it.each(['messenger', 'instagram'])('%s takes what a person wrote, under the tag for it', async (name) => {
    const calls = answering('me/messages', 200, SENT)
    const way = channelOf(name, true).outsideWindow?.({ ...delivery, byStaff: true })
    expect(await way?.(enough())).toEqual({ providerId: 'm_1' })
    expect(calls[0]?.body).toMatchObject({ messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' })
  })

  it('never takes what the bot says, nor anything where Meta has not approved it', () => {
    expect(channelOf('messenger', true).outsideWindow?.(delivery)).toBeUndefined()
    expect(channelOf('messenger', false).outsideWindow?.({ ...delivery, byStaff: true })).toBeUndefined()
  })
})

describe('what Meta refuses', () => {
  it.each(errors)('$label', async ({ status, answer, expected }) => {
    answering('me/messages', status, answer)
    expect(await failure(send(createAccounts()))).toMatchObject({ outcomeUnknown: false, ...expected })
  })

  it('is not known when the answer was lost or came too late', async () => {
    const unknown = { retryable: true, outcomeUnknown: true }
    const lost = createAccounts({ ...ENVIRONMENT, META_GRAPH_URL: await listening((socket) => socket.destroy()) })
    expect(await failure(send(lost))).toMatchObject({ code: 'unavailable', ...unknown })
    const late = createAccounts({ ...ENVIRONMENT, META_GRAPH_URL: await listening(() => undefined) })
    const sending = send(late, undefined, { signal: AbortSignal.timeout(100) })
    expect(await failure(sending)).toMatchObject({ code: 'timeout', ...unknown })
  })

  it('is nothing when there was no time to ask, or nobody listens', async () => {
    expect(await failure(send(createAccounts(), undefined, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'timeout',
      outcomeUnknown: false,
    })
    const nobody = await listening(() => undefined)
    await close()
    const accounts = createAccounts({ ...ENVIRONMENT, META_GRAPH_URL: nobody })
    expect(await failure(send(accounts))).toMatchObject({
      code: 'unavailable',
      outcomeUnknown: false,
      scope: 'account',
      providerCode: 'ECONNREFUSED',
    })
    expect(accounts.channelOf('messenger').health?.()).toMatchObject({ ok: false, code: 'unreachable' })
  })

  it('shows in the account’s health, and a refusal of one message does not', async () => {
    const accounts = createAccounts()
    const health = () => accounts.channelOf('messenger').health?.()
    expect(health()).toMatchObject({ ok: true, code: 'ready' })
    for (const [code, expected] of [
      [100, 'ready'],
      [190, 'token-refused'],
      [551, 'token-refused'],
      [613, 'throttled'],
    ] as const) {
      answering('me/messages', 400, graphError(code))
      await failure(send(accounts))
      expect(health()).toMatchObject({ code: expected })
    }
    answering('me/messages', 200, SENT)
    await send(accounts)
    expect(health()).toMatchObject({ ok: true, code: 'ready' })
  })

  it('never tells the token, nor what was sent', async () => {
    const accounts = createAccounts()
    for (const code of [100, 190, 4242]) {
      answering('me/messages', 400, graphError(code))
      const error = await send(accounts, { text: 'me llamo Rosa' }).catch((reason: unknown) => reason)
      accounts.context.log.error({ err: error }, 'a send failed')
    }
    await accounts.channelOf('messenger').typing?.('76543', enough())
    expect(accounts.logged()).toContain('SendError')
    for (const secret of [TOKEN, 'Rosa']) expect(accounts.logged()).not.toContain(secret)
  })
})

describe('the rest that Meta asks for', () => {
  const usage = (value: object) => JSON.stringify(value)
  it.each([
    ['X-App-Usage', usage({ call_count: 96, total_time: 2, total_cputime: 1 }), 60],
    ['X-Page-Usage', usage({ call_count: 1, total_time: 99, total_cputime: 1 }), 60],
    [
      'X-Business-Use-Case-Usage',
      usage({ 107: [{ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 4 }] }),
      240,
    ],
  ])('is kept after %s', async (header, value, seconds) => {
    const accounts = createAccounts()
    answering('me/messages', 200, SENT, { [header]: value })
    expect(await send(accounts)).toEqual({ providerId: 'm_1' })
    expect(await failure(send(accounts))).toMatchObject({ code: 'throttled', retryAfter: seconds, scope: 'account' })
    accounts.context.now = () => new Date(NOW.getTime() + seconds * 1000 + 1)
  })

  it('is not taken for less, nor for what cannot be read', async () => {
    const accounts = createAccounts()
    for (const value of [usage({ call_count: 60 }), 'nothing', '[]', usage({ call_count: 'many' })]) {
      answering('me/messages', 200, SENT, { 'X-App-Usage': value, 'X-Business-Use-Case-Usage': value })
      await send(accounts)
    }
    answering('me/messages', 200, SENT)
    expect(await send(accounts)).toEqual({ providerId: 'm_1' })
  })
})

describe('files of Meta', () => {
  const fetched = async (ref: string, accounts = createAccounts()) => {
    const media = await accounts.channelOf('messenger').fetchMedia?.({ kind: 'image', ref }, enough())
    return media && { text: await new Response(media.body).text(), mime: media.mime }
  }

  it('are fetched from its own hosts, without the token', async () => {
    nock('https://scontent.xx.fbcdn.net', { badheaders: ['authorization'] })
      .get('/v/foto.jpg?oh=1')
      .reply(200, 'bytes', { 'content-type': 'image/jpeg' })
    expect(await fetched('https://scontent.xx.fbcdn.net/v/foto.jpg?oh=1')).toEqual({
      text: 'bytes',
      mime: 'image/jpeg',
    })
  })

  it('may be somewhere else of Meta’s', async () => {
    nock('https://lookaside.fbsbx.com')
      .get('/ig_messaging_cdn/?asset_id=1')
      .reply(302, '', { location: 'https://scontent.cdninstagram.com/v/1.jpg' })
    nock('https://scontent.cdninstagram.com').get('/v/1.jpg').reply(200, 'bytes')
    expect(await fetched('https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1')).toMatchObject({ text: 'bytes' })
  })

  it.each([
    'https://evil.example/foto.jpg',
    'https://fbcdn.net.evil.example/foto.jpg',
    'https://evilfbcdn.net/foto.jpg',
    'http://scontent.xx.fbcdn.net/foto.jpg',
    'https://scontent.xx.fbcdn.net:8443/foto.jpg',
    'https://user@scontent.xx.fbcdn.net/foto.jpg',
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'no address',
  ])('are nowhere else: %s', async (address) => {
    expect(await failure(fetched(address))).toMatchObject({ code: 'invalid', retryable: false })
  })

  it('lead nowhere else either, and not for ever', async () => {
    const host = nock('https://scontent.xx.fbcdn.net').persist()
    host.get('/away').reply(302, '', { location: 'http://127.0.0.1:1/internal' })
    host.get('/again').reply(302, '', { location: '/again' })
    for (const path of ['away', 'again']) {
      expect(await failure(fetched(`https://scontent.xx.fbcdn.net/${path}`))).toMatchObject({ code: 'invalid' })
    }
  })

  it.each([
    [403, { code: 'invalid', retryable: false }],
    [404, { code: 'invalid', retryable: false }],
    [429, { code: 'unavailable', retryable: true }],
    [500, { code: 'unavailable', retryable: true }],
  ])('expire or fail: %s', async (status, expected) => {
    nock('https://scontent.xx.fbcdn.net').get('/x').reply(status, 'expired')
    expect(await failure(fetched('https://scontent.xx.fbcdn.net/x'))).toMatchObject(expected)
  })
})

describe('courtesies of Meta', () => {
  it('show that we are writing, and do not mind a failure', async () => {
    const accounts = createAccounts()
    const calls = answering('me/messages', 500, graphError(1))
    await accounts.channelOf('messenger').typing?.('76543', enough())
    expect(calls[0]?.body).toEqual({ recipient: { id: '76543' }, sender_action: 'typing_on' })
  })
})
