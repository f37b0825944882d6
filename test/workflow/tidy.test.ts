import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openFiles } from '../../src/runtime/files.ts'
import { sql } from '../../src/runtime/sql.ts'
import { createSaveInbound } from '../../src/workflow/mensajes/inbox.ts'
import { tidy } from '../../src/workflow/tidy.ts'
import { said, testDatabase } from './way-fixture.ts'

it('removes uploads that lost their message, and counts that ran out, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-files-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const files = await openFiles(folder, undefined)
  const bytes = new TextEncoder().encode('x')
  for (const key of ['incoming/old', 'incoming/young', 'adjuntos/aa/old']) await files.put(key, bytes, 'text/plain')
  const longAgo = new Date('2026-11-01T00:00:00Z')
  for (const key of ['incoming/old', 'adjuntos/aa/old']) await utimes(join(folder, 'archivos', key), longAgo, longAgo)
  const database = await testDatabase()
  await sql(
    database.fork(),
    "insert into throttle values ('a', 1, now() - interval '1 hour'), ('b', 1, now() + interval '1 hour')",
  )

  await tidy(database, files, new Date())

  expect(await files.get('adjuntos/aa/old')).toEqual(bytes)
  expect(await files.get('incoming/young')).toEqual(bytes)
  await expect(files.get('incoming/old')).rejects.toThrow()
  expect(await sql(database.fork(), 'select key from throttle')).toEqual([{ key: 'b' }])
})

it('leaves uploads whose message waited all the time that everything stood still', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-files-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const files = await openFiles(folder, undefined)
  const database = await testDatabase()
  // On a new machine there is not even the folder.
  await tidy(database, files, new Date())
  await files.put('incoming/foto', new TextEncoder().encode('x'), 'text/plain')
  const [before, then] = [new Date('2026-11-01T00:00:00Z'), new Date('2026-11-01T00:00:05Z')]
  await utimes(join(folder, 'archivos', 'incoming/foto'), before, before)
  const media = [{ kind: 'image' as const, ref: 'incoming/foto' }]
  await createSaveInbound(database, () => undefined)([said('ana', '', { kind: 'image', media })])
  await sql(database.fork(), 'update message set created_at = $1', [then])
  await tidy(database, files, new Date())
  expect(await files.get('incoming/foto')).toHaveLength(1)
  await sql(database.fork(), "update message set status = 'handled'")
  await tidy(database, files, new Date())
  await expect(files.get('incoming/foto')).rejects.toThrow()
})

it('removes codes that nobody can use any more, and keeps where a carried draft came from', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-files-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const database = await testDatabase()
  await sql(
    database.fork(),
    `with a as (insert into address (channel, account, external_id) values ('test', 'default', 'ana'), ('test', 'default', 'otra') returning id)
     insert into traspaso (code_hash, address_id, borrador, created_at, expires_at, usado_por, usado_at, hecho_at, desde)
     select decode(v.hash, 'hex'), a.id, v.borrador, v.at, v.at, case when v.hecho then a.id end, case when v.hecho then v.at end, case when v.hecho then v.at end, case when v.hecho then v.at end
       from (select min(id) as id from a) a,
            (values ('01', 'x', now() - interval '2 days', false), ('02', 'y', now() - interval '2 days', true)) as v(hash, borrador, at, hecho)`,
  )
  await tidy(database, await openFiles(folder, undefined), new Date())
  expect(await sql(database.fork(), 'select borrador from traspaso')).toEqual([{ borrador: 'y' }])
})
