import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { type RunningChat, runWebChat } from './running-chat.ts'
import { call, expectProblem, post, said, start } from './talk.ts'

const TOWN = 'https://www.altamira.example'

let database: TestDatabase
let chat: RunningChat

beforeAll(async () => {
  database = await createTestDatabase()
  chat = await runWebChat(database, { origins: [TOWN] })
})
afterAll(async () => {
  await chat.close()
  await database.drop()
})

const anyConversation = () => `${chat.domain}/conversations/abc/activities`

test('the page of an allowed site may call, preflights included, and its token is good there alone', async () => {
  const preflight = await fetch(anyConversation(), {
    method: 'OPTIONS',
    headers: {
      origin: TOWN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, x-ms-bot-agent',
    },
  })
  expect(preflight.status).toBe(204)
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': TOWN,
    'access-control-allow-methods': expect.stringContaining('POST'),
    'access-control-allow-headers': expect.stringContaining('x-ms-bot-agent'),
    vary: 'Origin',
  })
  const own = await start(chat.domain, { origin: TOWN })
  const answer = await post(chat.domain, own, said('hola'), { origin: TOWN })
  expect(answer.headers.get('access-control-allow-origin')).toBe(TOWN)
  expectProblem(
    await post(chat.domain, own, said('hola'), { origin: 'http://localhost:8080' }),
    403,
    'OriginNotAllowed',
  )
})

test.each(['http://localhost', 'http://localhost:5173', 'https://127.0.0.1:3000'])(
  'pages of this machine (%s) may call',
  async (origin) => {
    expect((await call(`${chat.domain}/tokens/generate`, { method: 'POST', headers: { origin } })).status).toBe(200)
  },
)

test.each([
  'http://localhost.evil.example',
  'https://www.altamira.example.evil.example',
  'http://www.altamira.example',
  'https://altamira.example',
])('pages of %s may not', async (origin) => {
  expectProblem(
    await call(`${chat.domain}/tokens/generate`, { method: 'POST', headers: { origin } }),
    403,
    'OriginNotAllowed',
  )
  const preflight = await fetch(anyConversation(), { method: 'OPTIONS', headers: { origin } })
  expect(preflight.status).toBe(403)
  expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
})
