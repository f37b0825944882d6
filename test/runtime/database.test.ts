import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/runtime/database.ts'
import { sql } from '../../src/runtime/sql.ts'
import { connected, createTestDatabase } from '../database.ts'

it('transactions whose connections are cut leave the pool whole, however many they are', async () => {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  const two = new URL(url)
  two.searchParams.set('pool', '2')
  const database = await openDatabase(two.href, [], pino({ level: 'silent' }))
  await connected(url, async (other) => {
    for (let cut = 0; cut < 4; cut++) {
      const transaction = database.fork().transactional(async (em) => {
        const [own] = await sql<{ pid: number }>(em, 'select pg_backend_pid() as pid')
        await other.query('select pg_terminate_backend($1)', [own?.pid])
        await sql(em, 'select 1')
      })
      await expect(transaction).rejects.toThrow()
    }
  })
  await database.ping()
  await database.close()
})
