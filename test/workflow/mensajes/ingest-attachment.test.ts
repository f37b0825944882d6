import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SendError } from '../../../src/channels/send-error.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { ingestAttachment } from '../../../src/workflow/mensajes/ingest-attachment.ts'
import { notingChannel, silent, testDatabase } from '../way-fixture.ts'

/** One file that waits, and what fetches it. */
async function waiting(fetchMedia: () => Promise<Uint8Array<ArrayBuffer>>, fileName = 'archivo') {
  const database = await testDatabase()
  const id = randomUUID()
  const source = { kind: 'document', ref: 'x', channel: 'test', account: 'default', fileName }
  await sql(database.fork(), `insert into attachment (id, kind, source) values ($1, 'document', $2)`, [
    id,
    JSON.stringify(source),
  ])
  const files = new Map<string, Uint8Array>()
  const channel = {
    ...notingChannel().channel,
    fetchMedia: async () => ({ body: new Blob([await fetchMedia()]).stream() }),
  }
  const deps = {
    database,
    log: silent,
    channelOf: () => channel,
    files: {
      put: async (key: string, bytes: Uint8Array) => void files.set(key, bytes),
      get: async (key: string) => files.get(key) ?? new Uint8Array(),
      delete: async (key: string) => void files.delete(key),
    },
  }
  const row = async () =>
    (await sql<{ status: string; attempts: number }>(database.fork(), 'select status, attempts from attachment'))[0]
  return { database, row, files, ingest: () => ingestAttachment(deps, id) }
}

const COMPOUND = 'd0cf11e0a1b11ae1'

describe('what is kept of a file', () => {
  it.each([
    ['a program for Windows', '4d5a9000', 'foto.jpg'],
    ['a cabinet of programs', '4d534346', 'fotos.cab'],
    ['a help file that runs programs', '49545346', 'manual.chm'],
    ['an installer', COMPOUND, 'factura.msi'],
    ['an old document under another name', COMPOUND, 'factura'],
    ['a web page', Buffer.from('<html><script>').toString('hex'), 'a.pdf'],
  ])('not %s', async (_what, hex, fileName) => {
    const { row, files, ingest } = await waiting(async () => Buffer.from(hex.padEnd(2048, '0'), 'hex'), fileName)
    await ingest()
    expect((await row())?.status).toBe('refused')
    expect(files.size).toBe(0)
  })

  it.each([
    ['a PDF', Buffer.from('%PDF-1.7\n').toString('hex'), 'oficio.pdf'],
    ['a document of an old Word', COMPOUND, 'Oficio.DOC'],
  ])('%s', async (_what, hex, fileName) => {
    const { row, ingest } = await waiting(async () => Buffer.from(hex.padEnd(2048, '0'), 'hex'), fileName)
    await ingest()
    expect((await row())?.status).toBe('stored')
  })
})

it('a file is asked for again for some hours, so that an outage of an evening loses no photograph', async () => {
  const { database, row, ingest } = await waiting(async () => {
    throw new SendError('unavailable', 'away', { retryable: true })
  })
  const waits: number[] = []
  while ((await row())?.status === 'pending') {
    await ingest()
    const [next] = await sql<{ wait: number }>(
      database.fork(),
      'select extract(epoch from due_at - now())::int as wait from attachment where due_at is not null',
    )
    if (next) waits.push(next.wait)
    await sql(database.fork(), 'update attachment set due_at = null')
  }
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(4 * 3600)
})

it('a file that ends the process each time it is looked at is set aside', async () => {
  const { database, row, ingest } = await waiting(async () => new Uint8Array())
  await sql(database.fork(), 'update attachment set attempts = 11')
  await ingest()
  expect((await row())?.status).toBe('failed')
})
