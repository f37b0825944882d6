import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MediaRef } from '../../../src/channels/message.ts'
import { discardAttachment, ingestAttachment } from '../../../src/workflow/mensajes/ingest-attachment.ts'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { log, type RunningChat, runWebChat } from './running-chat.ts'
import { call, start } from './talk.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const HTML = Buffer.from('<html></html>')

let database: TestDatabase
let chat: RunningChat

beforeAll(async () => {
  database = await createTestDatabase()
  chat = await runWebChat(database)
})
afterAll(async () => {
  await chat.close()
  await database.drop()
})

/** An upload, as far as the turn that makes its attachment. */
async function uploaded(bytes: Uint8Array<ArrayBuffer>, status: 'pending' | 'discarded' = 'pending') {
  const grant = await start(chat.domain)
  const form = new FormData()
  form.append('file', new Blob([bytes], { type: 'image/png' }), 'foto.png')
  const url = `${chat.domain}/conversations/${grant.conversationId}/upload?userId=r_1`
  await call(url, { method: 'POST', token: grant.token, body: form })
  const [row] = await chat.rows<{ media: MediaRef }>(
    `select body -> 'media' -> 0 as media from message where external_id like $1`,
    [`${grant.conversationId}%`],
  )
  if (!row) throw new Error('nothing was stored')
  const [attachment] = await chat.rows<{ id: string }>(
    `insert into attachment (id, kind, status, file_name, source) values (gen_random_uuid(), 'image', $2, 'foto.png', $1) returning id`,
    [JSON.stringify({ ...row.media, channel: 'web-chat', account: 'default' }), status],
  )
  return { id: attachment?.id ?? '', ref: row.media.ref }
}

const deps = () => ({ database: chat.database, log, files: chat.files, channelOf: () => chat.channel })

const attachment = async (id: string) =>
  (
    await chat.rows<{ status: string; key: string }>(
      'select status, storage_key as key from attachment where id = $1',
      [id],
    )
  )[0]

test('an upload is gone once our own copy is kept', async () => {
  const { id, ref } = await uploaded(PNG)
  await ingestAttachment(deps(), id)
  const row = await attachment(id)
  expect(row?.status).toBe('stored')
  expect((await chat.files.get(row?.key ?? '')).byteLength).toBeGreaterThan(0)
  await expect(chat.files.get(ref)).rejects.toThrow()
})

test('an upload that is not kept is gone too', async () => {
  const { id, ref } = await uploaded(HTML)
  await ingestAttachment(deps(), id)
  expect(await attachment(id)).toMatchObject({ status: 'refused' })
  await expect(chat.files.get(ref)).rejects.toThrow()
})

test('an upload that was discarded before it was taken in is gone with its row', async () => {
  const { id, ref } = await uploaded(PNG, 'discarded')
  await discardAttachment(deps(), id)
  expect(await attachment(id)).toBeUndefined()
  await expect(chat.files.get(ref)).rejects.toThrow()
})
