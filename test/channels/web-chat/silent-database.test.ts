import { expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../../database.ts'
import { databaseLine } from '../../fakes/database-line.ts'
import { runWebChat } from './running-chat.ts'
import { expectProblem, post, said, start } from './talk.ts'

test('a message is answered with 503 in two seconds when the database says nothing at all', async () => {
  const database = await createTestDatabase()
  onTestFinished(database.drop)
  const line = await databaseLine(database.url)
  const chat = await runWebChat(database, { databaseUrl: line.url })
  onTestFinished(chat.close)
  onTestFinished(() => line.up())
  const grant = await start(chat.domain)
  line.freeze()
  const began = performance.now()
  const answer = await post(chat.domain, grant, said('hola', 'uno'))
  expect(performance.now() - began).toBeLessThan(2_000)
  expectProblem(answer, 503, 'ServiceUnavailable')
  expect(answer.headers.get('retry-after')).toBe('5')
})
