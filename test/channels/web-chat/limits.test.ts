import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { SendError } from '../../../src/channels/send-error.ts'
import type { WebChatLimits } from '../../../src/channels/web-chat/options.ts'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { runWebChat } from './running-chat.ts'
import { call, type Grant, post, said, start } from './talk.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

async function limited(limits: Partial<WebChatLimits>) {
  const chat = await runWebChat(database, { limits })
  onTestFinished(chat.close)
  return chat
}

test('who posts too often is told how long to wait, and nothing is stored', async () => {
  const chat = await limited({ postsPerMinute: 3 })
  const grant = await start(chat.domain)
  for (const text of ['uno', 'dos', 'tres']) expect((await post(chat.domain, grant, said(text))).status).toBe(200)
  const refused = await post(chat.domain, grant, said('cuatro'), { origin: 'http://localhost' })
  expect(refused).toMatchObject({ status: 429, body: { status: 429, error: { code: 'TooManyRequests' } } })
  const wait = Number(refused.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  expect(refused.headers.get('access-control-allow-origin')).toBe('http://localhost')
  expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after')
  expect(await chat.rows(`select 1 from message where body ->> 'text' = 'cuatro'`)).toEqual([])
})

test('who starts too often is told so, and may still talk', async () => {
  const chat = await limited({ startsPerMinute: 3 })
  const grant = await start(chat.domain)
  const generate = async () => (await call(`${chat.domain}/tokens/generate`, { method: 'POST' })).status
  expect([await generate(), await generate(), await generate()]).toEqual([200, 200, 429])
  expect((await post(chat.domain, grant, said('hola'))).status).toBe(200)
})

test('a rate of zero lifts it', async () => {
  const chat = await limited({ postsPerMinute: 0, startsPerMinute: 0 })
  const grant = await start(chat.domain)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => post(chat.domain, grant, said(`n${index}`))),
  )
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
})

test('without a database a post is answered 503 and the same one is taken when it is back', async () => {
  const lost = 'postgres://postgres@127.0.0.1:1/nowhere'
  const away = await runWebChat(database, { databaseUrl: lost })
  onTestFinished(away.close)
  const { body } = await call<Grant>(`${away.domain}/tokens/generate`, { method: 'POST' })
  for (const answer of [
    await post(away.domain, body, said('hola', 'one')),
    await call(`${away.domain}/conversations`, { method: 'POST', token: body.token }),
    await call(`${away.domain}/conversations/${body.conversationId}/activities`, { token: body.token }),
  ]) {
    expect(answer).toMatchObject({ status: 503, body: { status: 503, error: { code: 'ServiceUnavailable' } } })
    expect(answer.headers.get('retry-after')).toBe('5')
  }
  const chat = await limited({})
  expect(await post(chat.domain, body, said('hola', 'one'))).toMatchObject({ status: 200 })
})

test('a send that nobody can be told of may be tried again', async () => {
  const away = await runWebChat(database, { databaseUrl: 'postgres://postgres@127.0.0.1:1/nowhere' })
  onTestFinished(away.close)
  const sending = away.channel.send({ id: '1', to: 'abc', message: { text: 'hola' } }, AbortSignal.timeout(5000))
  await expect(sending).rejects.toThrow(SendError)
  await expect(sending).rejects.toMatchObject({ code: 'unavailable', retryable: true })
})
