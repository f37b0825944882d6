import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { MediaRef } from '../../../src/channels/message.ts'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { type RunningChat, runWebChat } from './running-chat.ts'
import { call, type Grant, read, start, until } from './talk.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const HTML = Buffer.from('<html><script>alert(1)</script></html>')

let database: TestDatabase
let chat: RunningChat

beforeAll(async () => {
  database = await createTestDatabase()
  chat = await runWebChat(database, { limits: { files: 3, fileBytes: 100_000, uploadBytes: 250_000 } })
})
afterAll(async () => {
  await chat.close()
  await database.drop()
})

/** The files that wait in the storage. */
const waiting = async (): Promise<string[]> => {
  const folders = await readdir(chat.folder, { recursive: true, withFileTypes: true })
  return folders.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

interface Sent {
  name: string
  type: string
  bytes: Uint8Array<ArrayBuffer>
}

const photo = (name = 'foto.png', bytes: Uint8Array<ArrayBuffer> = PNG): Sent => ({ name, type: 'image/png', bytes })

function upload(grant: Grant, files: Sent[], activity?: unknown) {
  const form = new FormData()
  if (activity !== undefined) {
    const text = typeof activity === 'string' ? activity : JSON.stringify(activity)
    form.append('activity', new Blob([text], { type: 'application/vnd.microsoft.activity' }))
  }
  for (const { name, type, bytes } of files) form.append('file', new Blob([bytes], { type }), name)
  return send(grant, form)
}

const send = (grant: Grant, body: FormData | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  call<{ id: string; status?: number; error?: { code: string } }>(
    `${chat.domain}/conversations/${grant.conversationId}/upload?userId=r_1`,
    { method: 'POST', token: grant.token, body, headers },
  )

const stored = async (grant: Grant) => {
  const [row] = await chat.rows<{ kind: string; body: { text?: string; media: MediaRef[] } }>(
    `select kind, body from message where external_id like $1`,
    [`${grant.conversationId}%`],
  )
  return row
}

test('files are stored before the row that names them, and are read from there', async () => {
  const grant = await start(chat.domain)
  const before = (await waiting()).length
  const activity = { type: 'message', from: { id: 'r_1' }, text: 'mire', channelData: { clientActivityID: 'c1' } }
  const answer = await upload(
    grant,
    [photo(), { name: '../../oficio\u0001.pdf', type: 'application/pdf', bytes: HTML }],
    activity,
  )
  expect(answer).toMatchObject({ status: 200, body: { id: `${grant.conversationId}|u.c1` } })
  const row = await stored(grant)
  expect(row).toMatchObject({
    kind: 'image',
    body: {
      text: 'mire',
      media: [
        { kind: 'image', mime: 'image/png', fileName: 'foto.png', bytes: PNG.length },
        { kind: 'document', mime: 'application/pdf', fileName: 'oficio.pdf', bytes: HTML.length },
      ],
    },
  })
  expect(await waiting()).toHaveLength(before + 2)
  const media = row?.body.media[0]
  if (!media) throw new Error('there is no file')
  const { body, mime, fileName } = (await chat.channel.fetchMedia?.(media, AbortSignal.timeout(5000))) ?? {}
  expect(Buffer.from(await new Response(body).arrayBuffer())).toEqual(PNG)
  expect({ mime, fileName }).toEqual({ mime: 'image/png', fileName: 'foto.png' })
})

test('only uploads can be read by reference', async () => {
  for (const ref of ['adjuntos/1', '../secret', 'incoming/nothing']) {
    const reading = chat.channel.fetchMedia?.({ kind: 'image', ref }, AbortSignal.timeout(5000))
    await expect(reading).rejects.toMatchObject({ name: 'SendError' })
  }
})

test('an upload sent again is stored once, files included', async () => {
  const grant = await start(chat.domain)
  const activity = { type: 'message', from: { id: 'r_1' }, channelData: { clientActivityID: 'same' } }
  const first = await upload(grant, [photo()], activity)
  const before = await waiting()
  const second = await upload(grant, [photo()], activity)
  expect(second.body).toEqual(first.body)
  expect(await waiting()).toEqual(before)
})

test('one file alone may be the body itself', async () => {
  const grant = await start(chat.domain)
  const disposition = 'name="file"; filename="badjoke.png"'
  const answer = await send(grant, PNG, { 'content-type': 'image/png', 'content-disposition': disposition })
  expect(answer.status).toBe(200)
  expect(await stored(grant)).toMatchObject({ kind: 'image', body: { media: [{ fileName: 'badjoke.png' }] } })
})

test('files without an activity make a message of the user that the address names', async () => {
  const grant = await start(chat.domain)
  await upload(grant, [photo('imagen.png'), photo('imagen.png'), photo('imagen.png')])
  const { activities } = await until(async () => {
    const page = await read(chat.domain, grant)
    return page.activities.length > 0 && page
  })
  expect(activities[0]?.from).toMatchObject({ id: 'r_1', role: 'user' })
  expect(activities[0]?.attachments?.map((file) => file.name)).toEqual([
    'imagen.png',
    'imagen (1).png',
    'imagen (2).png',
  ])
})

const message = { type: 'message', from: { id: 'r_1' } }

test.each<[string, number, (grant: Grant) => ReturnType<typeof send>]>([
  ['no file', 400, (grant) => upload(grant, [], message)],
  ['an empty file', 400, (grant) => upload(grant, [photo('a.png', Buffer.alloc(0))], message)],
  ['an activity that is no JSON', 400, (grant) => upload(grant, [photo()], '{"type":')],
  ['an activity that is no message', 400, (grant) => upload(grant, [photo()], { type: 'typing' })],
  ['an activity of another shape', 400, (grant) => upload(grant, [photo()], { type: 'message', text: 5 })],
  ['a file too large', 413, (grant) => upload(grant, [photo(), photo('b.png', Buffer.alloc(100_001))], message)],
  [
    'too much at once',
    413,
    (grant) =>
      upload(
        grant,
        [1, 2, 3].map((n) => photo(`${n}`, Buffer.alloc(99_000))),
        message,
      ),
  ],
  [
    'too many files',
    413,
    (grant) =>
      upload(
        grant,
        [1, 2, 3, 4, 5].map((n) => photo(`${n}`)),
        message,
      ),
  ],
  ['JSON instead of files', 415, (grant) => send(grant, Buffer.from('{}'), { 'content-type': 'application/json' })],
  ['a body without its parts', 400, (grant) => send(grant, PNG, { 'content-type': 'multipart/form-data; boundary=x' })],
  ['a body without a boundary', 400, (grant) => send(grant, PNG, { 'content-type': 'multipart/form-data' })],
  [
    'a body that breaks off within a file',
    400,
    (grant) =>
      send(grant, Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\nhalf of'), {
        'content-type': 'multipart/form-data; boundary=x',
      }),
  ],
])('%s is refused with %i, and nothing stays', async (_label, status, sending) => {
  const grant = await start(chat.domain)
  const before = await waiting()
  const answer = await sending(grant)
  expect(answer).toMatchObject({ status, body: { status, error: { code: expect.any(String) } } })
  expect(await stored(grant)).toBeUndefined()
  expect(await waiting()).toEqual(before)
})

test('a citizen sees their pictures in place, and saves everything else', async () => {
  const grant = await start(chat.domain)
  await upload(grant, [photo(), { name: 'página «1».html', type: 'text/html', bytes: HTML }])
  const { activities } = await until(async () => {
    const page = await read(chat.domain, grant)
    return page.activities.length > 0 && page
  })
  const [picture = '', page = ''] = activities[0]?.attachments?.map((file) => file.contentUrl ?? '') ?? []
  const shown = await fetch(picture)
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': "inline; filename*=UTF-8''foto.png",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'content-security-policy': expect.stringContaining('sandbox'),
  })
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(PNG)
  const saved = await fetch(page)
  expect(saved.headers.get('content-type')).toBe('application/octet-stream')
  expect(saved.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''p%C3%A1gina%20%C2%AB1%C2%BB.html")
  const forged = new URL(picture)
  forged.searchParams.set('t', grant.token)
  expect((await fetch(forged)).status).toBe(403)
  expect((await fetch(picture.split('?')[0] ?? '')).status).toBe(401)
})

test('once a file was taken in, only its cleaned copy is shown', async () => {
  const grant = await start(chat.domain)
  await upload(grant, [photo('a.png'), photo('b.png')])
  const { activities } = await until(async () => {
    const page = await read(chat.domain, grant)
    return page.activities.length > 0 && page
  })
  const [a = '', b = ''] = activities[0]?.attachments?.map((file) => file.contentUrl ?? '') ?? []
  await chat.files.put('adjuntos/clean', new TextEncoder().encode('clean'), 'image/png')
  await chat.rows(
    `insert into attachment (id, message_id, kind, status, file_name, storage_key)
     select gen_random_uuid(), id, 'image', x.status, x.name, x.key from message,
       (values ('stored', 'b.png', 'adjuntos/clean'), ('refused', 'a.png', null)) as x(status, name, key)
      where external_id like $1`,
    [`${grant.conversationId}%`],
  )
  expect(await (await fetch(b)).text()).toBe('clean')
  expect((await fetch(a)).status).toBe(404)
})

test('a file that is gone is not found, whatever the storage says', async () => {
  const grant = await start(chat.domain)
  await upload(grant, [photo()])
  const { activities } = await until(async () => {
    const page = await read(chat.domain, grant)
    return page.activities.length > 0 && page
  })
  const row = await stored(grant)
  await chat.files.delete(row?.body.media[0]?.ref ?? '')
  expect((await fetch(activities[0]?.attachments?.[0]?.contentUrl ?? '')).status).toBe(404)
})

test('when the database gives no answer the files stay for the same message sent again', async () => {
  const away = await runWebChat(database, { savesNothing: true })
  onTestFinished(away.close)
  const grant = await start(away.domain)
  const form = new FormData()
  form.append('file', new Blob([PNG], { type: 'image/png' }), 'foto.png')
  const url = `${away.domain}/conversations/${grant.conversationId}/upload?userId=r_1`
  expect((await call(url, { method: 'POST', token: grant.token, body: form })).status).toBe(503)
  expect(await readdir(join(away.folder, 'archivos', 'incoming'))).toHaveLength(1)
})
