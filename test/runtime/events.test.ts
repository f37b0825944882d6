import { expect, it, onTestFinished, vi } from 'vitest'
import { openDatabase } from '../../src/runtime/database.ts'
import { listen, publish } from '../../src/runtime/events.ts'
import { createTestDatabase } from '../database.ts'
import { databaseLine } from '../fakes/database-line.ts'
import { silent } from '../workflow/way-fixture.ts'

/** Listens over a line that can be cut, and publishes over another. */
async function overALine() {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  const database = await openDatabase(url, [], silent)
  onTestFinished(database.close)
  const line = await databaseLine(url)
  const events = await listen(line.url, silent)
  onTestFinished(events.close)
  const heard: unknown[] = []
  events.on('turn', (event) => heard.push('conversation' in event ? event.conversation : event.topic))
  const say = (conversation: number) => publish(database.fork(), { topic: 'turn', conversation })
  return { line, heard, say }
}

it('a notification reaches whoever listens, once it is committed', async () => {
  const { heard, say } = await overALine()
  await say(1)
  await vi.waitFor(() => expect(heard).toEqual([1]))
})

it('while the database is away there is one attempt at a time, and afterwards one connection that hears everything once', async () => {
  const { line, heard, say } = await overALine()
  line.down()
  await vi.waitFor(() => expect(line.refused).toBeGreaterThanOrEqual(4), 10_000)
  const before = line.asked
  line.up()
  await vi.waitFor(() => expect(heard).toEqual(['resync']), 5_000)
  await say(2)
  await vi.waitFor(() => expect(heard).toEqual(['resync', 2]))
  expect(line.asked - before).toBe(1)
  expect(line.open).toBe(1)
})

it('whoever cannot listen at the start is told, and it is not tried behind their back', async () => {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  const line = await databaseLine(url)
  line.down()
  await expect(listen(line.url, silent)).rejects.toThrow()
  await expect(vi.waitFor(() => expect(line.asked).toBeGreaterThan(1), 1_500)).rejects.toThrow()
})
