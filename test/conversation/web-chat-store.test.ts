import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { WebChatStore } from '../../src/channels/web-chat/store.ts'
import { createWebChatStore } from '../../src/conversation/web-chat-store.ts'
import { type Database, openDatabase } from '../../src/runtime/database.ts'
import { sql } from '../../src/runtime/sql.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'

let testDatabase: TestDatabase
let database: Database
let store: WebChatStore
let conversation = 0

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  database = await openDatabase(testDatabase.url, [], pino({ level: 'silent' }))
  store = createWebChatStore(database)
})
afterAll(async () => {
  await database.close()
  await testDatabase.drop()
})

const run = <Row>(text: string, parameters: unknown[] = []) => sql<Row>(database.fork(), text, parameters)

beforeEach(async () => {
  await run('truncate message, conversation, address cascade')
  const [address] = await run<{ id: number }>(
    `insert into address (channel, account, external_id) values ('web-chat', 'default', 'abc') returning id`,
  )
  const [row] = await run<{ id: number }>(
    'insert into conversation (address_id, last_seq) values ($1, 9) returning id',
    [address?.id],
  )
  conversation = row?.id ?? 0
})

interface Line {
  direction: 'in' | 'out'
  seq: number | null
  status: string
  body?: object
  at?: string
}

const write = async (...lines: Line[]) => {
  for (const { direction, seq, status, body = { text: String(seq) }, at = '2026-11-22T12:00:00Z' } of lines) {
    await run(
      `insert into message (channel, account, external_id, direction, conversation_id, seq, kind, body, status, created_at)
       values ('web-chat', 'default', $1, $2, $3, $4, 'text', $5, $6, $7)`,
      [direction === 'in' ? `abc/${seq}` : null, direction, conversation, seq, JSON.stringify(body), status, at],
    )
  }
}

const seqs = async (after: number, limit = 100) =>
  (await store.messagesAfter('abc', after, limit)).messages.map((message) => message.seq)

test('a message is shown once it had its turn, whatever became of its notification', async () => {
  await write(
    { direction: 'in', seq: 1, status: 'handled' },
    { direction: 'out', seq: 2, status: 'pending' },
    { direction: 'out', seq: 3, status: 'sending' },
    { direction: 'out', seq: 4, status: 'failed' },
    { direction: 'in', seq: 5, status: 'failed' },
    { direction: 'out', seq: 6, status: 'read' },
    { direction: 'in', seq: null, status: 'received' },
  )
  expect(await seqs(0)).toEqual([1, 2, 3, 4, 5, 6])
  expect(await seqs(3)).toEqual([4, 5, 6])
  expect(await seqs(1, 2)).toEqual([2, 3])
})

test("what was emptied is not shown, but for the citizen's own, whose client waits for it", async () => {
  await write(
    { direction: 'in', seq: 1, status: 'handled', body: {} },
    { direction: 'out', seq: 2, status: 'sent', body: {} },
    { direction: 'out', seq: 3, status: 'sent' },
  )
  expect(await seqs(0)).toEqual([1, 3])
})

test('times never go back within a conversation, also from one page to the next', async () => {
  await write(
    { direction: 'out', seq: 1, status: 'sent', at: '2026-11-22T12:00:05Z' },
    { direction: 'in', seq: 2, status: 'handled', at: '2026-11-22T12:00:01Z' },
    { direction: 'out', seq: 3, status: 'sent', at: '2026-11-22T12:00:07Z' },
    { direction: 'in', seq: 4, status: 'handled', at: '2026-11-22T12:00:02Z' },
  )
  const times = async (after: number) =>
    (await store.messagesAfter('abc', after, 100)).messages.map((message) => message.at.toISOString().slice(17, 19))
  expect(await times(0)).toEqual(['05', '05', '07', '07'])
  expect(await times(3)).toEqual(['07'])
})

test('a watermark from before a restored backup gives the whole conversation', async () => {
  await write({ direction: 'out', seq: 1, status: 'sent' })
  expect(await seqs(9)).toEqual([])
  expect(await seqs(10)).toEqual([1])
})

test('delivered is what was sent up to there, and never less than it was', async () => {
  await write(
    { direction: 'in', seq: 1, status: 'handled' },
    { direction: 'out', seq: 2, status: 'pending' },
    { direction: 'out', seq: 3, status: 'sending' },
    { direction: 'out', seq: 4, status: 'sent' },
    { direction: 'out', seq: 5, status: 'read' },
    { direction: 'out', seq: 6, status: 'sent' },
  )
  await store.markDelivered('abc', 5)
  expect(await run('select status from message order by seq')).toEqual(
    ['handled', 'delivered', 'delivered', 'delivered', 'read', 'sent'].map((status) => ({ status })),
  )
})

test('a conversation is known by its address, and is over when its row says so', async () => {
  expect(await store.conversation('abc')).toEqual({ started: true, ended: false })
  expect(await store.conversation('nobody')).toEqual({ started: false, ended: false })
  expect(await store.messagesAfter('nobody', 0, 100)).toEqual({ messages: [], ended: false })
  await run('update conversation set ended_at = now()')
  expect(await store.conversation('abc')).toEqual({ started: true, ended: true })
  expect(await store.messagesAfter('abc', 0, 100)).toEqual({ messages: [], ended: true })
})

test('files are found in their own conversation only', async () => {
  const media = { kind: 'document', key: 'adjuntos/1', mime: 'application/pdf', fileName: 'oficio.pdf' }
  await write({ direction: 'out', seq: 1, status: 'sent', body: { media } })
  const [row] = await run<{ id: number }>('select id from message')
  const id = row?.id ?? 0
  expect(await store.file('abc', id, 0)).toEqual({ key: 'adjuntos/1', fileName: 'oficio.pdf' })
  expect(await store.file('another', id, 0)).toBeUndefined()
  expect(await store.file('abc', id + 1, 0)).toBeUndefined()
})
