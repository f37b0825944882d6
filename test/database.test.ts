import { expect, onTestFinished, test } from 'vitest'
import { createEmptyDatabase, createTestDatabase } from './database.ts'
import { query } from './runtime/embedded-postgres/fixture.ts'

const TABLES = `select table_schema || '.' || table_name from information_schema.tables where table_schema in ('public', 'bullmq')`

test('a test database has our tables and the queue’s, and is the test’s own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  onTestFinished(() => Promise.all([one.drop(), other.drop()]).then(() => undefined))
  expect(await query(one.url, TABLES)).toEqual(
    expect.arrayContaining(['public.message', 'public.conversation', expect.stringMatching(/^bullmq\./)]),
  )
  await query(one.url, 'create table only_here (id int)')
  await expect(query(other.url, 'select * from only_here')).rejects.toThrow('does not exist')
})

test('an empty database has no tables', async () => {
  const { url, drop } = await createEmptyDatabase()
  onTestFinished(drop)
  expect(await query(url, TABLES)).toEqual([])
})

test('a database is dropped with the connections that are still open', async () => {
  const { url, drop } = await createEmptyDatabase()
  const cut = expect(query(url, 'select pg_sleep(60)')).rejects.toThrow()
  await drop()
  await cut
  await expect(query(url, 'select 1')).rejects.toThrow('does not exist')
})
