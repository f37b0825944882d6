import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { hasCode } from '../src/runtime/problem.ts'
import { until } from '../src/runtime/until.ts'

/** A database of a test's own. */
export interface TestDatabase {
  readonly url: string
  /** Removes it, with the connections that are still open: for `afterAll(database.drop)` or `onTestFinished(database.drop)`. */
  readonly drop: () => Promise<void>
}

/** A fresh copy of the migrated template (our tables and BullMQ's schema `bullmq`), about 50 ms; its files are copied as they are, past the log. */
export function createTestDatabase(): Promise<TestDatabase> {
  return create(`template ${inject('databases').template} strategy file_copy`)
}

/** A database without tables. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return create('')
}

async function create(from: string): Promise<TestDatabase> {
  const { server } = inject('databases')
  const name = `canaliza_test_${randomBytes(8).toString('hex')}`
  await connected(server, (client) => client.query(`create database ${name} ${from}`))
  return {
    url: urlOf(server, name),
    drop: () =>
      connected(server, async (client) => {
        const dropped = await until(() => isDropped(client, name), { every: 50, timeout: 10_000 })
        if (!dropped) throw new Error(`the database ${name} cannot be dropped`)
      }),
  }
}

/** PostgreSQL's own processes, such as autovacuum, may be in it for a moment and are not ours to end. */
async function isDropped(client: Client, name: string): Promise<boolean> {
  try {
    await client.query(`drop database if exists ${name} with (force)`)
    return true
  } catch (error) {
    if (hasCode(error, '42501')) return false
    throw error
  }
}

/** The URL of another database of the same server. */
export function urlOf(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

/** Runs `use` with a connection that is closed afterwards. */
export async function connected(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await use(client)
  } finally {
    await client.end()
  }
}
