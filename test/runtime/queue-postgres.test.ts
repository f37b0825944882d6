import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { openQueues } from '../../src/runtime/queue.ts'
import { createTestDatabase } from '../database.ts'
import { silent } from '../workflow/way-fixture.ts'

/** A PostgreSQL that hangs up on everybody until it is back, as one that restarts. */
async function absentDatabase() {
  const { url, drop } = await createTestDatabase()
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let isBack = false
  let refused = 0
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    if (isBack) {
      const onward = connect(Number(port), hostname).on('error', () => socket.destroy())
      socket.pipe(onward).pipe(socket)
    } else {
      refused += 1
      socket.destroy()
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const through = new URL(url)
  if (address && typeof address === 'object') through.host = `127.0.0.1:${address.port}`
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await drop()
  })
  return {
    url: through.href,
    refused: () => refused,
    comeBack: () => {
      isBack = true
    },
  }
}

it('a worker that was built while PostgreSQL restarts lets its process live, and works once it is back', async () => {
  const database = await absentDatabase()
  const queues = await openQueues(database.url, undefined, silent)
  onTestFinished(queues.close)
  const seen: unknown[] = []
  queues.work('cola', async (data) => void seen.push(data.n), { concurrency: 1 })
  // It asks again, but not without end: this very loop gets its turns.
  await expect.poll(database.refused, { timeout: 10_000 }).toBeGreaterThan(1)
  database.comeBack()
  await queues.add('cola', { id: 'm1-0', data: { n: 1 } })
  await expect.poll(() => seen, { timeout: 15_000 }).toEqual([1])
})
