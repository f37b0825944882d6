import { expect, it, onTestFinished, vi } from 'vitest'
import { openDatabase } from '../../src/runtime/database.ts'
import { isDatabaseAway } from '../../src/runtime/database-away.ts'
import { createLease } from '../../src/runtime/lease.ts'
import { openQueues } from '../../src/runtime/queue.ts'
import { sql } from '../../src/runtime/sql.ts'
import { createTestDatabase } from '../database.ts'
import { databaseLine } from '../fakes/database-line.ts'
import { silent } from '../workflow/way-fixture.ts'

/** A database behind a line that can fall silent: no answer, and no end of the connection either. */
async function behindALine(silence?: number) {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  const line = await databaseLine(url)
  onTestFinished(() => line.up())
  const database = await openDatabase(line.url, [], silent, silence === undefined ? {} : { silence })
  onTestFinished(database.close)
  return { url, line, database }
}

it('a connection on which nothing is heard is given up, and the next one works', async () => {
  const { line, database } = await behindALine(300)
  await database.ping()
  line.freeze()
  const error = await database.ping().catch((reason: unknown) => reason)
  expect(isDatabaseAway(error)).toBe(true)
  line.up()
  await vi.waitFor(() => database.ping())
})

it('a connection that works for long is not given up', async () => {
  const { database } = await behindALine(300)
  for (let query = 0; query < 8; query++) await sql(database.fork(), 'select pg_sleep(0.1)')
  expect(await sql(database.fork(), 'select 1 as one')).toEqual([{ one: 1 }])
})

it('whoever adds a job does not wait for a queue that does not answer', async () => {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  const line = await databaseLine(url)
  const queues = await openQueues(line.url, undefined, silent)
  onTestFinished(queues.close)
  await queues.add('cola', { id: 'm1-0', data: {} })
  line.freeze()
  onTestFinished(() => line.up())
  await queues.add('cola', { id: 'm2-0', data: {} })
})

it('a lease is let go before it expires, though the database says nothing', async () => {
  const { line, database } = await behindALine()
  const stop = new AbortController()
  const began = performance.now()
  const { promise: lost, resolve: lose } = Promise.withResolvers<number>()
  const { promise: held, resolve: hold } = Promise.withResolvers<void>()
  const working = createLease(database, silent)('telegram/default', stop.signal, async (signal) => {
    hold()
    signal.addEventListener('abort', () => lose(performance.now() - began))
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  })
  await held
  line.freeze()
  expect(await lost).toBeLessThan(8_000)
  stop.abort()
  line.up()
  await working
})

it('a lease that another process took is let go at once', async () => {
  const { database } = await behindALine()
  const stop = new AbortController()
  const { promise: held, resolve: hold } = Promise.withResolvers<void>()
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>()
  const working = createLease(database, silent)('telegram/default', stop.signal, async (signal) => {
    hold()
    signal.addEventListener('abort', () => lose())
    await lost
  })
  await held
  await sql(database.fork(), "update lease set holder = gen_random_uuid(), expires_at = now() + interval '1 hour'")
  const began = performance.now()
  await lost
  expect(performance.now() - began).toBeLessThan(3_500)
  stop.abort()
  await working
})
