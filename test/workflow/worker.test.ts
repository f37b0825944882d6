import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { sql } from '../../src/runtime/sql.ts'
import { runWorker } from '../../src/workflow/worker.ts'
import { silent, testDatabase } from './way-fixture.ts'

const nothing = async () => undefined
const none = async () => []

it('a discarded file that cannot be deleted holds back no other one, nor what the queues are to forget', async () => {
  const database = await testDatabase()
  const keys = ['adjuntos/stuck', 'adjuntos/second', 'adjuntos/third']
  await sql(
    database.fork(),
    `insert into attachment (id, kind, status, storage_key, due_at)
     select id, 'image', 'discarded', key, now() - interval '1 hour' from unnest($1::uuid[], $2::text[]) x(id, key)`,
    [keys.map(() => randomUUID()), keys],
  )
  const gone: string[] = []
  let forgotten = 0
  const jobs = new Map<string, () => Promise<void>>()
  const saveInbound = async () => ({ saved: 0, repeated: 0 })
  const pipeline = { saveInbound, wakeTurn: () => {}, wakeSend: () => {}, wakeAttachment: () => {}, drain: nothing }
  await runWorker(
    {
      database,
      log: silent,
      queues: {
        work: (name, run) => void jobs.set(name, () => run({})),
        add: nothing,
        forgetSteps: async () => void forgotten++,
        depth: async () => ({}),
        ping: nothing,
        close: nothing,
      },
      files: {
        put: nothing,
        get: async () => new Uint8Array(),
        delete: async (key) => {
          if (key === 'adjuntos/stuck') throw new Error('the storage does not let it go')
          gone.push(key)
        },
      },
      events: { on: () => () => {}, close: nothing },
      pipeline,
      rateOf: () => 0,
      channelOf: () => undefined,
      channels: [],
      runOutbox: async () => ({ messages: [] }),
      desviar: none,
      terminarAvisos: none,
      lotes: nothing,
      avisarPersonal: nothing,
      sumas: nothing,
      hourly: nothing,
    },
    AbortSignal.abort(),
  )
  const sweep = () =>
    jobs
      .get('sweep')?.()
      .catch(() => undefined)
  for (let look = 0; look < 3; look++) await sweep()
  expect(gone.sort()).toEqual(['adjuntos/second', 'adjuntos/third'])
  expect(forgotten).toBe(3)
  expect(await sql(database.fork(), 'select storage_key as key from attachment')).toEqual([{ key: 'adjuntos/stuck' }])
})
