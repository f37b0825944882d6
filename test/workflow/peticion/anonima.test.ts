import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { InboundMessage } from '../../../src/channels/message.ts'
import type { Services } from '../../../src/conversation/flows/services.ts'
import type { Advance } from '../../../src/conversation/state.ts'
import type { Database } from '../../../src/runtime/database.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { handleInbound } from '../../../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { discardAttachment, ingestAttachment } from '../../../src/workflow/mensajes/ingest-attachment.ts'
import { sendPending } from '../../../src/workflow/mensajes/send-message.ts'
import { runOutboxRow } from '../../../src/workflow/run-outbox.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { ayuntamiento, BACHE, registrarDe, silent, vecina } from '../ayuntamiento.ts'
import { notingChannel, said, sendDeps, turnDeps } from '../way-fixture.ts'

const QUIEN = 'cuenta-de-telegram-77123456'
const DICHO = 'En la ferretería queman plástico cada noche'
/** A PNG of one point. */
const FOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Ids so large that one is found in any text without being taken for another number. */
async function llamativos(database: Database): Promise<void> {
  const starts = { address: 710_000_001, conversation: 720_000_001, message: 730_000_001, ciudadano: 740_000_001 }
  const ours = { peticion: 810_000_001, movimiento: 820_000_001, outbox: 830_000_001 }
  for (const [table, start] of Object.entries({ ...starts, ...ours })) {
    await sql(database.fork(), `alter table ${table} alter column id restart with ${start}`)
  }
}

interface Row {
  table: string
  row: Record<string, unknown>
  text: string
  xmin: string
}

/** Every row of every table of every schema of ours, BullMQ's included. */
async function todo(database: Database): Promise<Row[]> {
  const em = database.fork()
  const tables = await sql<{ table: string }>(
    em,
    `select format('%I.%I', table_schema, table_name) as "table" from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const rows: Row[] = []
  for (const { table } of tables) {
    const found = await sql<{ row: Record<string, unknown>; text: string; xmin: string }>(
      em,
      `select to_jsonb(t) as row, to_jsonb(t)::text as text, t.xmin::text as xmin from ${table} t`,
    )
    rows.push(...found.map((one) => ({ table, ...one })))
  }
  return rows
}

/** What was told, the photograph that came with it, and the confirmation: a flow of three questions. */
const denuncia =
  (told: { folio?: string; clave?: string }): Advance<Services> =>
  async (state, message, services) => {
    const answers = { ...state.answers, ...(message.text && { dicho: message.text }) }
    const fotos = message.media?.map((one) => one.attachmentId) ?? state.answers.fotos
    if (message.text !== 'sí') {
      return {
        conversation: { ...state, answers: { ...answers, fotos } },
        replies: [{ text: `Anoté: ${message.text}` }],
      }
    }
    const { folio, clave } = await services.registrar({
      ...BACHE,
      categoria: 'CONTAMINACION',
      descripcion: String(state.answers.dicho),
      fotos: (fotos as string[]) ?? [],
      datos: { colonia: 'Miramar' },
      anonima: true,
    })
    Object.assign(told, { folio, clave })
    return {
      conversation: { ...state, answers: {} },
      replies: [{ text: `${folio}\n${clave}` }],
      severSince: new Date(0),
    }
  }

it('an anonymous report and who made it are connected by nothing that is kept', async () => {
  const town = await ayuntamiento()
  const { database } = town
  await llamativos(database)
  const told: { folio?: string; clave?: string } = {}
  const logged: string[] = []
  const log = pino(
    { level: 'trace' },
    new Writable({ write: (line, _encoding, done) => done(void logged.push(String(line))) }),
  )
  const { deps } = turnDeps(database, denuncia(told))
  const turns = {
    ...deps,
    log,
    servicesFor: (em: Parameters<typeof servicesFor>[0], turno: Parameters<typeof servicesFor>[1]) =>
      servicesFor(em, turno, town.services),
  }
  const { channel } = notingChannel()
  const fetching = {
    ...channel,
    fetchMedia: async () => ({ body: new Blob([FOTO]).stream() }),
  }
  const ingest = { database, log, files: town.outbox.files, channelOf: () => fetching }

  const saveInbound = createSaveInbound(database, () => undefined)
  const say = async (message: Partial<InboundMessage> & { text: string }) => {
    await saveInbound([said(QUIEN, message.text, message)])
    const [row] = await sql<{ id: number }>(database.fork(), 'select id from conversation')
    if (!row) throw new Error('no conversation')
    await handleInbound(turns, row.id)
    await sendPending({ ...sendDeps(database, channel).deps, log }, row.id, { channel: 'test', account: 'default' })
  }
  const media = [{ kind: 'image' as const, ref: 'file_id_de_telegram_AgACAg', fileName: 'IMG_de_juan.png' }]
  await say({ text: DICHO, kind: 'image', media })
  const [before] = await sql<{ id: string }>(database.fork(), 'select id from attachment')
  await ingestAttachment(ingest, before?.id ?? '')
  const oldKeys = [...town.files.keys()]
  expect(oldKeys).toHaveLength(2)
  await say({ text: 'sí' })

  const [outbox] = await sql<{ id: number }>(database.fork(), 'select id from outbox')
  await runOutboxRow(database.fork(), outbox?.id ?? 0, { ...town.outbox, log })
  const discarded = await sql<{ id: string }>(database.fork(), `select id from attachment where status = 'discarded'`)
  for (const { id } of discarded) await discardAttachment(ingest, id)

  const rows = await todo(database)
  const of = (...tables: string[]) => rows.filter((one) => tables.includes(one.table.replace('public.', '')))
  const suyas = of('address', 'conversation', 'message', 'ciudadano')
  const nuestras = of('peticion', 'movimiento', 'outbox', 'attachment')
  const [peticion] = of('peticion')
  const [foto] = of('attachment')

  // The report is there, directed, with its photograph under a new name.
  expect(peticion?.row).toMatchObject({ folio: told.folio, estado: 'CANALIZADO', descripcion: DICHO, anonima: true })
  expect(foto?.row).toMatchObject({
    peticion_id: peticion?.row.id,
    status: 'stored',
    message_id: null,
    conversation_id: null,
  })
  expect(of('attachment')).toHaveLength(1)
  expect([...town.files.keys()]).toEqual([foto?.row.storage_key, foto?.row.thumb_key])
  expect([...town.files.keys()].filter((key) => oldKeys.includes(key))).toEqual([])
  expect(suyas.map((one) => one.table)).toContain('public.address')

  // Nothing of theirs names the report, and nothing of the report names them.
  const delReporte = [told.folio, told.clave, 'ferretería', 'Miramar', foto?.row.id, 'IMG_de_juan', 'file_id_de']
  const deElla = [QUIEN, before?.id, ...suyas.map((one) => one.row.id)]
  const idsDelReporte = nuestras.map((one) => one.row.id)
  for (const { table, text } of rows) {
    const ofHers = deElla.filter((one) => text.includes(String(one)))
    const ofReport = [...delReporte, ...idsDelReporte].filter((one) => text.includes(String(one)))
    if (ofHers.length > 0) expect({ table, ofReport }).toEqual({ table, ofReport: [] })
    if (ofReport.length > 0) expect({ table, ofHers }).toEqual({ table, ofHers: [] })
  }
  // The clave is nowhere, and the log has neither.
  for (const one of [told.clave, told.folio, 'ferretería', QUIEN]) expect(logged.join('\n')).not.toContain(one)
  expect(rows.filter((one) => one.text.includes(String(told.clave)))).toEqual([])

  // No time and no transaction is common to both.
  const times = nuestras.flatMap(({ row }) =>
    Object.values(row).filter((value) => /^\d{4}-\d\d-\d\dT/.test(String(value))),
  )
  expect(times.length).toBeGreaterThan(5)
  expect(times.filter((time) => !/T\d\d:00:00(\.0+)?[+-]/.test(String(time)))).toEqual([])
  const transactions = new Set(suyas.map((one) => one.xmin))
  expect(nuestras.filter((one) => transactions.has(one.xmin))).toEqual([])
})

it('a photograph that is still being fetched when the report is made is kept under its new name only', async () => {
  const town = await ayuntamiento()
  const { database } = town
  const quien = await vecina(database.fork())
  const old = randomUUID()
  const source = { kind: 'image', ref: 'x', channel: 'test', account: 'default' }
  await sql(
    database.fork(),
    `insert into attachment (id, conversation_id, kind, source) values ($1, $2, 'image', $3)`,
    [old, quien.conversationId, JSON.stringify(source)],
  )
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
  const fetching = {
    ...notingChannel().channel,
    fetchMedia: async () => {
      ask()
      await gate
      return { body: new Blob([FOTO]).stream() }
    },
  }
  const ingest = { database, log: silent, files: town.outbox.files, channelOf: () => fetching }
  const underway = ingestAttachment(ingest, old)
  await asked
  await registrarDe(town, quien, { ...BACHE, categoria: 'CONTAMINACION', datos: {}, fotos: [old], anonima: true })
  open()
  await underway
  expect([...town.files.keys()]).toEqual([])

  const [row] = await sql<{ id: string }>(database.fork(), 'select id from attachment')
  await ingestAttachment(ingest, row?.id ?? '')
  expect([...town.files.keys()].every((key) => key.includes(row?.id ?? old))).toBe(true)
  expect(await sql(database.fork(), 'select status, source from attachment')).toEqual([
    { status: 'stored', source: null },
  ])
})
