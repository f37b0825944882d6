import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { type RunningChat, runWebChat } from './running-chat.ts'
import { call, expectProblem, type Grant, post, read, said, start, until } from './talk.ts'

let database: TestDatabase
let chat: RunningChat
let grant: Grant

beforeAll(async () => {
  database = await createTestDatabase()
  chat = await runWebChat(database, { bot: ({ text }) => [{ text: `Oí: ${text}` }] })
  grant = await start(chat.domain)
})
afterAll(async () => {
  await chat.close()
  await database.drop()
})

const of = (path: string) => `${chat.domain}/conversations/${grant.conversationId}${path}`

test('a token is granted for half an hour and one conversation', async () => {
  const { status, body, headers } = await call<Grant>(`${chat.domain}/tokens/generate`, { method: 'POST' })
  expect(status).toBe(200)
  expect(body).toMatchObject({ conversationId: expect.stringMatching(/^[\w-]{32}$/), expires_in: 1800 })
  expect(headers.get('cache-control')).toBe('no-store')
})

test('a conversation begins with 201, and with 200 when something was said in it', async () => {
  const { body } = await call<Grant>(`${chat.domain}/tokens/generate`, { method: 'POST', body: '' })
  const open = () => call<Grant>(`${chat.domain}/conversations`, { method: 'POST', token: body.token, body: '' })
  expect(await open()).toMatchObject({ status: 201, body: { conversationId: body.conversationId, expires_in: 1800 } })
  await post(chat.domain, body, said('hola'))
  const again = await open()
  expect(again.status).toBe(200)
  expect(again.body.streamUrl).toMatch(
    /^ws:\/\/127\.0\.0\.1:\d+\/v3\/directline\/conversations\/[\w-]+\/stream\?watermark=0&t=/,
  )
})

test('what nobody wrote in leaves no row', async () => {
  const { conversationId } = await start(chat.domain)
  expect(await chat.rows('select 1 from address where external_id = $1', [conversationId])).toEqual([])
})

test('a token is refreshed while it lives, and by its resume token long after', async () => {
  const fresh = await call<Grant>(`${chat.domain}/tokens/refresh`, { method: 'POST', token: grant.token })
  expect(fresh).toMatchObject({ status: 200, body: { conversationId: grant.conversationId } })
  const resumed = await call<Grant>(`${chat.domain}/tokens/refresh`, { method: 'POST', token: grant.resumeToken })
  expect(resumed).toMatchObject({ status: 200, body: { conversationId: grant.conversationId } })
  expect((await call(of('/activities'), { token: resumed.body.token })).status).toBe(200)
  expectProblem(await call(of('/activities'), { token: grant.resumeToken }), 403, 'InvalidToken')
})

test('reconnecting gives a stream from the watermark on', async () => {
  const { status, body } = await call<Grant>(of('?watermark=12'), { token: grant.token })
  expect(status).toBe(200)
  expect(new URL(body.streamUrl).searchParams.get('watermark')).toBe('12')
})

interface Refusal {
  label: string
  status: number
  code: string
  url?: () => string
  init: () => RequestInit & { token?: string }
}

const posting =
  (body: string): (() => RequestInit & { token?: string }) =>
  () => ({ method: 'POST', token: grant.token, body })
const text = (length: number) => JSON.stringify(said('a'.repeat(length)))

const REFUSED: Refusal[] = [
  { label: 'no token', status: 401, code: 'MissingToken', init: () => ({}) },
  {
    label: 'an empty token',
    status: 401,
    code: 'MissingToken',
    init: () => ({ headers: { authorization: 'Bearer ' } }),
  },
  {
    label: 'another scheme',
    status: 401,
    code: 'MissingToken',
    init: () => ({ headers: { authorization: `Basic ${grant.token}` } }),
  },
  { label: 'a forged token', status: 403, code: 'InvalidToken', init: () => ({ token: `${grant.token}x` }) },
  {
    label: 'an expired token',
    status: 403,
    code: 'TokenExpired',
    init: () => ({ token: chat.tokenAt(new Date(Date.now() - 1801_000)) }),
  },
  {
    label: "another conversation's token",
    status: 403,
    code: 'InvalidToken',
    init: () => ({ token: chat.tokenAt(new Date()) }),
  },
  {
    label: 'another origin',
    status: 403,
    code: 'OriginNotAllowed',
    init: () => ({ token: grant.token, headers: { origin: 'https://evil.example' } }),
  },
  {
    label: 'a page without an origin',
    status: 403,
    code: 'OriginNotAllowed',
    init: () => ({ token: grant.token, headers: { origin: 'null' } }),
  },
  {
    label: 'a watermark of letters',
    status: 400,
    code: 'BadArgument',
    url: () => of('/activities?watermark=abc'),
    init: () => ({ token: grant.token }),
  },
  {
    label: 'two watermarks',
    status: 400,
    code: 'BadArgument',
    url: () => of('/activities?watermark=1&watermark=2'),
    init: () => ({ token: grant.token }),
  },
  { label: 'half of some JSON', status: 400, code: 'BadArgument', init: posting('{"type":"message"') },
  {
    label: 'a prototype',
    status: 400,
    code: 'BadArgument',
    init: posting('{"type":"message","text":"a","__proto__":{"a":1}}'),
  },
  {
    label: 'JSON nested without end',
    status: 400,
    code: 'BadArgument',
    init: posting(`{"type":"message","text":"a","value":${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
  },
  { label: 'no activity', status: 400, code: 'BadArgument', init: posting('') },
  { label: 'an activity that is a number', status: 400, code: 'BadArgument', init: posting('1') },
  {
    label: 'another kind of body',
    status: 415,
    code: 'UnsupportedMediaType',
    init: () => ({ method: 'POST', token: grant.token, body: '<a/>', headers: { 'content-type': 'text/xml' } }),
  },
  { label: 'a text too long', status: 413, code: 'MessageSizeTooBig', init: posting(text(8001)) },
  { label: 'a body too large', status: 413, code: 'MessageSizeTooBig', init: posting(text(70_000)) },
  {
    label: 'a user id that is no token user',
    status: 400,
    code: 'BadArgument',
    url: () => `${chat.domain}/tokens/generate`,
    init: () => ({ method: 'POST', body: '{"user":{"id":"rosa"}}' }),
  },
  {
    label: 'an address that is none',
    status: 404,
    code: 'NotFound',
    url: () => `${chat.domain}/session/getsessionid`,
    init: () => ({ token: grant.token }),
  },
]

test.each(REFUSED)('$label is refused with $status', async ({ status, code, url, init }) => {
  const rows = () => chat.rows<{ count: number }>('select count(*) from message')
  const before = await rows()
  expectProblem(await call(url?.() ?? of('/activities'), init()), status, code)
  expect(await rows()).toEqual(before)
})

test('a message sent twice, and twenty times at once, is stored once and answered with one id', async () => {
  const own = await start(chat.domain)
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(chat.domain, own, said('uno', 'same'))))
  expect(new Set(answers.map((answer) => `${answer.status} ${answer.body.id}`)).size).toBe(1)
  await until(async () => (await read(chat.domain, own)).activities.length === 2)
  const rows = await chat.rows(`select 1 from message where external_id = $1`, [`${own.conversationId}/same`])
  expect(rows).toHaveLength(1)
})

test.each([
  ['emoji and accents', 'Ñandú 🕳️👩‍🔧 «¿sí?» ﷽ 漢字', 'Ñandú 🕳️👩‍🔧 «¿sí?» ﷽ 漢字'],
  ['half a surrogate pair', 'roto \ud83d fin', 'roto � fin'],
  ['a null character', 'a\u0000b', 'ab'],
  ['markup', '<img src=x onerror=alert(1)> & "comillas"', '<img src=x onerror=alert(1)> & "comillas"'],
])('%s survives the way there and back', async (_label, given, expected) => {
  const own = await start(chat.domain)
  const body = { ...said(given, 'u'), value: { 'clave\u0000': given } }
  expect((await post(chat.domain, own, body)).status).toBe(200)
  const set = await until(async () => {
    const page = await read(chat.domain, own)
    return page.activities.length === 2 && page
  })
  expect(set.activities.map((activity) => activity.text)).toEqual([expected, `Oí: ${expected}`])
})

test('an activity that is not for us leaves no row but is answered', async () => {
  const own = await start(chat.domain)
  for (const type of ['typing', 'conversationUpdate', 'endOfConversation', 'messageReaction']) {
    expect((await post(chat.domain, own, { type, from: { id: 'a' } })).body.id).toContain(own.conversationId)
  }
  expect(await chat.rows('select 1 from address where external_id = $1', [own.conversationId])).toEqual([])
})

test('joining twice starts the conversation once', async () => {
  const own = await start(chat.domain)
  const join = { type: 'event', name: 'webchat/join', from: { id: 'a' } }
  await post(chat.domain, own, join)
  await post(chat.domain, own, { ...join, channelData: { clientActivityID: 'another' } })
  const rows = await chat.rows(`select kind from message where external_id like $1`, [`${own.conversationId}%`])
  expect(rows).toEqual([{ kind: 'start' }])
})

test('a conversation that has ended is not found', async () => {
  const own = await start(chat.domain)
  await post(chat.domain, own, said('uno'))
  const seen = await until(async () => {
    const page = await read(chat.domain, own)
    return page.activities.length === 2 && page
  })
  await chat.end(own.conversationId)
  const path = `${chat.domain}/conversations/${own.conversationId}`
  expect((await read(chat.domain, own)).activities).toHaveLength(2)
  expectProblem(
    await call(`${path}/activities?watermark=${seen.watermark}`, { token: own.token }),
    404,
    'ConversationEnded',
  )
  expectProblem(await call(path, { token: own.token }), 404, 'ConversationEnded')
  expectProblem(await post(chat.domain, own, said('dos')), 404, 'ConversationEnded')
  expectProblem(
    await call(`${chat.domain}/conversations`, { method: 'POST', token: own.token }),
    404,
    'ConversationEnded',
  )
})
