import { describe, expect, it, onTestFinished } from 'vitest'
import { openQueues } from '../../src/runtime/queue.ts'
import { createTestDatabase } from '../database.ts'
import { describeWithRedis } from '../parts.ts'
import { startRedis } from '../redis.ts'
import { silent } from '../workflow/way-fixture.ts'

async function onPostgres() {
  const { url, drop } = await createTestDatabase()
  const queues = await openQueues(url, undefined, silent)
  onTestFinished(async () => {
    await queues.close()
    await drop()
  })
  return queues
}

async function onRedis() {
  const redis = await startRedis()
  const queues = await openQueues('unused', redis.url, silent)
  onTestFinished(async () => {
    await queues.close()
    await redis.stop()
  })
  return queues
}

function behavesAsAQueue(open: typeof onPostgres) {
  it('runs a job, and one whose id exists only once', async () => {
    const queues = await open()
    const seen: unknown[] = []
    await queues.add('cola', { id: 'm2-0', data: { n: 2 } })
    await queues.add('cola', { id: 'm1-0', data: { n: 1 }, delay: 300 })
    await queues.add('cola', { id: 'm1-0', data: { n: 1 }, delay: 300 })
    queues.work('cola', async (data) => void seen.push(data.n), { concurrency: 1 })
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual([2, 1])
  })

  it('takes the same id again once the job has run, whether it failed or not', async () => {
    const queues = await open()
    let runs = 0
    queues.work(
      'cola',
      async () => {
        runs++
        throw new Error('this time')
      },
      { concurrency: 1 },
    )
    await queues.add('cola', { id: 'm1-0', data: {} })
    await expect.poll(() => runs, { timeout: 15_000 }).toBe(1)
    await expect.poll(() => queues.depth(), { timeout: 15_000 }).toEqual({ cola: 0 })
    await queues.add('cola', { id: 'm1-0', data: {} })
    await expect.poll(() => runs, { timeout: 15_000 }).toBe(2)
  })

  it('waits on closing for the job under way', async () => {
    const queues = await open()
    let started = false
    let done = false
    queues.work(
      'cola',
      async () => {
        started = true
        await new Promise((resolve) => setTimeout(resolve, 200))
        done = true
      },
      { concurrency: 1 },
    )
    await queues.add('cola', { id: 'a-1', data: {} })
    await expect.poll(() => started, { timeout: 15_000 }).toBe(true)
    await queues.close()
    expect(done).toBe(true)
  })
}

describe('queues on PostgreSQL', () => behavesAsAQueue(onPostgres))

describeWithRedis('queues on Redis', () => {
  behavesAsAQueue(onRedis)

  it('refuses a Redis that may throw jobs away, or that forgets them', async () => {
    const evicting = await startRedis({ 'maxmemory-policy': 'allkeys-lru' })
    onTestFinished(evicting.stop)
    await expect(openQueues('unused', evicting.url, silent)).rejects.toThrow(/noeviction/)
    const forgetful = await startRedis({ appendonly: 'no' })
    onTestFinished(forgetful.stop)
    await expect(openQueues('unused', forgetful.url, silent)).rejects.toThrow(/appendonly/)
  })

  it('says so when nothing answers', async () => {
    await expect(openQueues('unused', 'redis://127.0.0.1:1', silent)).rejects.toThrow(
      /nothing answers as Redis at 127.0.0.1:1/,
    )
  })
})
