import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../src/runtime/database.ts'
import { openFiles } from '../../src/runtime/files.ts'
import { sql } from '../../src/runtime/sql.ts'
import { until } from '../../src/runtime/until.ts'
import { CONFIG_FOLDER, readSettings } from '../../src/settings.ts'
import { aplicarRetencion, simularRetencion } from '../../src/workflow/privacidad/retencion.ts'
import { createTestDatabase } from '../database.ts'
import { createTelegramServer } from '../fakes/telegram-server.ts'
import { silent } from '../workflow/way-fixture.ts'
import { createCitizen } from './citizen.ts'
import { freePort, start } from './program.ts'
import { walk } from './road.ts'
import { ADMIN, hire } from './staff.ts'
import { openTelegramLine } from './telegram-line.ts'

const CHAT = 77_123_456_789

/** What is known of her, and what was said by and about her. */
const MARCAS = [
  String(CHAT),
  'Vecina',
  '5550123',
  '555 0123',
  'hay un bache enfrente de mi casa',
  'Hidalgo 123',
  'entre Juárez',
  'La cuadrilla pasa',
  '2 toneladas',
  'lo confirma',
  'formato firmado',
  'tubo roto por Pino Suárez',
  'bache de la que comenta',
  'Comentó Aquí',
]

/** Every row of every table of ours, the queues' too. */
async function everyRow(database: Database): Promise<{ table: string; text: string }[]> {
  const tables = await sql<{ table: string }>(
    database.fork(),
    `select format('%I.%I', table_schema, table_name) as "table" from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const rows = tables.map(({ table }) =>
    sql<{ table: string; text: string }>(
      database.fork(),
      `select '${table}' as "table", to_jsonb(t)::text as text from ${table} t`,
    ),
  )
  return (await Promise.all(rows)).flat()
}

const marksIn = async (database: Database) => {
  const rows = await everyRow(database)
  return MARCAS.flatMap((marca) =>
    rows.filter(({ text }) => text.includes(marca)).map(({ table }) => `${marca} ${table}`),
  )
}

const filesOf = async (folder: string) =>
  (await readdir(join(folder, 'var/archivos'), { recursive: true, withFileTypes: true })).filter((one) => one.isFile())

/** A comment of hers on the town's page, of which the petition was made, as the platform and the staff wrote it. */
const COMENTARIO = `
with k as (
  insert into comentario (channel, account, external_id, kind, autor, autor_id, texto, publicado_at, recibido_at, peticion_id)
  select 'messenger', 'default', 'c-77123456789', 'comment', 'Comentó Aquí', '77123456789', 'el bache de la que comenta', now(), now(), id
    from peticion returning id, peticion_id
), s as (
  insert into comentario_suceso (comentario_id, channel, account, external_id, verbo, cuerpo, at)
  select id, 'messenger', 'default', 's-77123456789', 'add', '{"texto": "el bache de la que comenta"}', now() from k
), o as (
  insert into peticion_publicacion (peticion_id, comentario_id, channel, autor, texto, capturada_por)
  select peticion_id, id, 'messenger', 'Comentó Aquí', 'el bache de la que comenta', (select min(id) from usuario) from k
), e as (
  insert into encuesta (peticion_id, resuelto, calificacion, comentario, medio, at)
  select peticion_id, true, 5, 'gracias, Vecina', 'telegram', now() from k on conflict (peticion_id) do update set comentario = excluded.comentario
)
insert into traspaso (code_hash, address_id, borrador, created_at, expires_at) select 'x', id, 'tubo roto por Pino Suárez', now(), now() from address`

it('a citizen whose time is over is first in no table and then in no file, and the statistics stay', async () => {
  const { url: DATABASE_URL, drop } = await createTestDatabase()
  onTestFinished(drop)
  const database = await openDatabase(DATABASE_URL, [], silent)
  onTestFinished(database.close)
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-borrado-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const telegram = await createTelegramServer()
  onTestFinished(telegram.close)
  const PORT = String(await freePort())
  const bot = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url }
  const program = await start({ cwd: folder, env: { DATABASE_URL, PORT, SEND_RATE: '0', ...ADMIN, ...bot } })
  const line = openTelegramLine(telegram, CHAT)
  const url = `http://localhost:${PORT}`
  const { folio } = await walk(url, line, await hire(url), () => undefined)
  const citizen = createCitizen(line, () => undefined)
  await citizen.says('hay un tubo roto por Pino Suárez')
  await until(
    async () =>
      (await everyRow(database)).some(({ text }) => text.includes('"answers": {"') && text.includes('Pino Suárez')),
    {
      timeout: 30_000,
    },
  )
  await program.stop()
  await sql(database.fork(), COMENTARIO)
  const estadistica = `select estado, categoria, colonia, dependencia_id, medio, resuelto, accion_ejecutada, registrada_at, validada_at,
    (select calificacion from encuesta) from peticion where folio = '${folio}'`
  const before = await sql(database.fork(), estadistica)
  const found = await marksIn(database)
  for (const marca of MARCAS) expect(found.join('\n')).toContain(marca)
  const settings = await readSettings(CONFIG_FOLDER, {})
  const files = await openFiles(join(folder, 'var'), undefined)
  const dentroDe = (meses: number) => ({
    ...settings,
    database,
    files,
    secretKey: 'k'.repeat(40),
    ahora: new Date(Date.now() + meses * 30.5 * 86_400_000),
  })

  // Nothing is due as long as the petition is young; then it is told beforehand what will go.
  await aplicarRetencion(dentroDe(20))
  expect(await marksIn(database)).toEqual(found)
  expect(await simularRetencion(dentroDe(25))).toMatchObject({ peticion: { bloqueados: 1, borrados: 0 } })

  await aplicarRetencion(dentroDe(25))
  expect(await marksIn(database)).toEqual([])
  expect(await sql(database.fork(), estadistica)).toEqual(before)
  expect(await filesOf(folder)).toHaveLength(4)
  const boxes = await sql(database.fork(), 'select clase from bloqueo order by clase')
  expect(boxes).toEqual(['ciudadano', 'comentario', 'conversacion', 'peticion'].map((clase) => ({ clase })))

  // The files cannot be deleted at first, as when the process dies: the box stays, and the next run ends it.
  const rota = { delete: async () => Promise.reject(new Error('the storage is away')) }
  await expect(aplicarRetencion({ ...dentroDe(40), files: rota })).rejects.toThrow('away')
  await aplicarRetencion(dentroDe(40))
  await aplicarRetencion(dentroDe(40))
  expect(await sql(database.fork(), 'select from bloqueo')).toEqual([])
  expect(await filesOf(folder)).toEqual([])
  expect(await sql(database.fork(), estadistica)).toEqual(before)
  const records = await sql<{ clase: string; regla: string; archivos: number }>(
    database.fork(),
    'select clase, regla, archivos from borrado order by clase',
  )
  expect(records).toEqual([
    { clase: 'ciudadano', regla: 'retencion', archivos: 0 },
    { clase: 'comentario', regla: 'retencion', archivos: 0 },
    { clase: 'conversacion', regla: 'retencion', archivos: 0 },
    { clase: 'peticion', regla: 'retencion', archivos: 4 },
  ])
  // The history and the record are still changed by nobody else.
  await expect(sql(database.fork(), `update movimiento set nota = ''`)).rejects.toThrow('append-only')
  await expect(sql(database.fork(), 'delete from borrado')).rejects.toThrow('append-only')
}, 240_000)
