import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { expect, it, onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../src/runtime/database.ts'
import { sql } from '../../src/runtime/sql.ts'
import { until } from '../../src/runtime/until.ts'
import { createTestDatabase } from '../database.ts'
import { createTelegramServer } from '../fakes/telegram-server.ts'
import { describeWithRedis } from '../parts.ts'
import { startRedis } from '../redis.ts'
import { silent } from '../workflow/way-fixture.ts'
import { type Citizen, createCitizen, type Line } from './citizen.ts'
import { PHOTO } from './pictures.ts'
import { freePort, type Program, start } from './program.ts'
import { openTelegramLine } from './telegram-line.ts'
import { openWebChatLine } from './web-chat-line.ts'

const PATIENCE = 60_000
const CHAT = 77_123_456_789
const DICHO = 'la ferretería Zaragoza tiene un basurero clandestino en el terreno de la esquina'

/** Ids so large that one is found in any text without being taken for another number. */
const THEIRS = { address: 710_000_001, conversation: 720_000_001, message: 730_000_001, ciudadano: 740_000_001 }
const OURS = { peticion: 810_000_001, movimiento: 820_000_001, outbox: 830_000_001 }

interface Town {
  database: Database
  program: Program
  folder: string
  line: Line
  citizen: Citizen
}

/** The real program with its real settings, all that it writes within reach. */
async function town(channel: 'telegram' | 'web-chat', more: Record<string, string> = {}): Promise<Town> {
  const { url: DATABASE_URL, drop } = await createTestDatabase()
  onTestFinished(drop)
  const database = await openDatabase(DATABASE_URL, [], silent)
  onTestFinished(database.close)
  for (const [table, first] of Object.entries({ ...THEIRS, ...OURS }))
    await sql(database.fork(), `alter table ${table} alter column id restart with ${first}`)
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-anonima-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const telegram = await createTelegramServer()
  onTestFinished(telegram.close)
  const PORT = String(await freePort())
  const bot = channel === 'telegram' && { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url }
  const env = { DATABASE_URL, PORT, SEND_RATE: '0', LOG_LEVEL: 'trace', ...bot, ...more }
  const program = await start({ cwd: folder, env })
  onTestFinished(async () => void (await program.stop()))
  const line = bot ? openTelegramLine(telegram, CHAT) : await openWebChatLine(`http://localhost:${PORT}`)
  onTestFinished(line.close)
  return { database, program, folder, line, citizen: createCitizen(line, () => undefined) }
}

/** From the first words to folio and clave. */
async function report(citizen: Citizen, photographed: () => Promise<void>): Promise<{ folio: string; clave: string }> {
  await citizen.says(DICHO)
  await citizen.hears('¿Lo acepta?')
  await citizen.presses('Acepto')
  await citizen.hears('puede ser anónimo')
  await citizen.presses('Anónimo')
  await citizen.hears('¿Dónde es?')
  await citizen.says('Emiliano Zapata')
  await citizen.hears('¿En qué calle')
  await citizen.says('calle Xicoténcatl 471')
  await citizen.hears('foto')
  await citizen.sendsPhoto(await PHOTO)
  await citizen.hears('Recibida (1 de 5)')
  await photographed()
  await citizen.presses('Listo')
  await citizen.hears('¿Qué hay tirado?')
  await citizen.presses('Llantas')
  await citizen.hears('Reporte anónimo')
  await citizen.presses('Sí, registrar')
  const { text } = await citizen.hears('quedó registrado')
  const [, folio, clave] = /^(UAC-\d\d-\d{6}-\d)$[\s\S]*Clave: (\w{8})/m.exec(text) ?? []
  if (!folio || !clave) throw new Error(`no folio: ${text}`)
  await citizen.hears('¿Le ayudo con algo más?')
  return { folio, clave }
}

/** How the one who reported asks for it later, from the same account. */
async function followUp(citizen: Citizen, { folio, clave }: { folio: string; clave: string }): Promise<void> {
  await citizen.says('consultar folio')
  await citizen.hears('folio')
  await citizen.says(folio)
  await citizen.hears('clave')
  await citizen.says(`${folio} ${clave}`)
  await citizen.hears('Registrada el')
  await citizen.hears('¿Le ayudo con algo más?')
}

interface Row {
  table: string
  text: string
}

/** Every row of every table of every schema of ours, BullMQ's included. */
async function everyRow(database: Database): Promise<Row[]> {
  const tables = await sql<{ table: string }>(
    database.fork(),
    `select format('%I.%I', table_schema, table_name) as "table" from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const rows = tables.map(({ table }) =>
    sql<Row>(database.fork(), `select '${table}' as "table", to_jsonb(t)::text as text from ${table} t`),
  )
  return (await Promise.all(rows)).flat()
}

/** How each type of Redis is read whole. */
const READ: Record<string, (client: Redis, key: string) => Promise<unknown>> = {
  string: (client, key) => client.get(key),
  hash: (client, key) => client.hgetall(key),
  list: (client, key) => client.lrange(key, '0', '-1'),
  set: (client, key) => client.smembers(key),
  zset: (client, key) => client.zrange(key, '0', '-1', 'WITHSCORES'),
}

/** Every key of a Redis, of streams every entry. */
async function everyKey(url: string): Promise<Row[]> {
  const client = new Redis(url)
  const rows: Row[] = []
  for (const table of await client.keys('*')) {
    const type = await client.type(table)
    const parts =
      type === 'stream' ? await client.xrange(table, '-', '+') : [[table, await READ[type]?.(client, table)]]
    rows.push(...parts.map((part) => ({ table, text: JSON.stringify(part) })))
  }
  client.disconnect()
  return rows
}

const values = async (database: Database, text: string) =>
  (await sql<{ value: string | number }>(database.fork(), text)).map(({ value }) => String(value))

/** Names of all files below the folder where the program keeps its data. */
const keysOf = async (folder: string) =>
  (await readdir(join(folder, 'var/archivos'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)

/** Until the report is directed, its photograph has its own name, and what is severed and was read is emptied. */
async function settled({ database }: Town): Promise<void> {
  // Fifteen minutes later: the client of the web chat has read its answers.
  await sql(database.fork(), 'update message set expires_at = now() where expires_at is not null')
  const done = await until(
    async () => {
      const [row] = await sql<{ done: boolean }>(
        database.fork(),
        `select (select count(*) from attachment) = 1
            and (select bool_and(status = 'stored' and strpos(storage_key, id::text) > 0) from attachment)
            and (select bool_and(estado = 'CANALIZADO') from peticion)
            and not exists (select from message where expires_at is not null or status in ('received', 'pending', 'sending')) as done`,
      )
      return row?.done === true
    },
    { every: 200, timeout: PATIENCE },
  )
  if (!done) throw new Error(`not settled: ${JSON.stringify(await everyRow(database), null, 1)}`)
}

const EXACT = /T\d\d:(?!00:00(?:\.0+)?[+Z-])\d\d:\d\d|"?\b1[789]\d{11}\b/

/** An anonymous report is made and asked for again; then all that is kept is searched. */
async function leavesNothing(here: Town, elsewhere: () => Promise<Row[]> = async () => []): Promise<void> {
  const { database, program, folder, citizen } = here
  const before = new Set((await everyRow(database)).map(({ text }) => text))
  const oldNames: string[] = []
  const given = await report(citizen, async () => {
    const stored = () => values(database, `select id as value from attachment where status = 'stored'`)
    await until(async () => (await stored()).length === 1, { timeout: PATIENCE })
    oldNames.push(...(await stored()))
  })
  await settled(here)
  await followUp(citizen, given)
  await settled(here)

  const kept = ['peticion', 'movimiento', 'outbox', 'attachment']
  const idsOf = (tables: string[]) =>
    Promise.all(tables.map((table) => values(database, `select id as value from ${table}`)))
  const address = await values(database, 'select external_id as value from address')
  const theirs = [...address, ...oldNames, ...(await idsOf(Object.keys(THEIRS))).flat()]
  const ours = [...(await idsOf(kept)).flat(), given.folio]
  const words = [given.clave, 'ferretería', 'Xicoténcatl', 'Llantas', 'Emiliano Zapata', 'BASURERO', 'firma=']
  const look = async () =>
    [...(await everyRow(database)), ...(await elsewhere())].filter(({ text }) => !before.has(text))
  // What the queues note of a job is there until the next sweep.
  const strangers = async () =>
    (await look()).filter(({ table, text }) => !table.startsWith('public.') && ours.some((id) => text.includes(id)))
  await until(async () => (await strangers()).length === 0, { every: 200, timeout: 15_000 })
  const rows = await look()

  expect(address).toHaveLength(1)
  expect(theirs.length).toBeGreaterThan(20)
  expect(rows.filter(({ table }) => table === 'public.peticion')).toHaveLength(1)
  // What was said is with the report alone, and the clave nowhere; the sums of a day count it by its subject and its colonia.
  const sums = ['public.suma']
  for (const word of [...words, given.folio]) {
    const found = rows
      .filter(({ table, text }) => text.includes(word) && !sums.includes(table))
      .map(({ table }) => table)
    expect({ word, elsewhere: found.filter((table) => !kept.includes(table.replace('public.', ''))) }).toEqual({
      word,
      elsewhere: [],
    })
    if (word === given.clave) expect(found).toEqual([])
  }
  // No row names both, and no row of the report, or that names it, tells a time by which it could be matched.
  for (const { table, text } of rows) {
    const both = { theirs: theirs.filter((id) => text.includes(id)), ours: ours.filter((id) => text.includes(id)) }
    if (both.ours.length > 0) expect({ table, text, ...both }).toEqual({ table, text, ...both, theirs: [] })
    if (both.ours.length > 0) expect({ table, text, exact: EXACT.exec(text)?.[0] }).toEqual({ table, text })
  }
  // Its photograph goes by a name that the conversation never knew.
  const keys = await keysOf(folder)
  expect(keys).toHaveLength(2)
  for (const old of oldNames) expect(keys.filter((key) => key.includes(old))).toEqual([])
  // Nor does the log tell of either.
  const log = program.output()
  expect(log).toContain('"level":')
  for (const word of [...words, given.folio, ...address, 'Vecina', ...oldNames]) expect(log).not.toContain(word)
}

it('an anonymous report over Telegram is connected with its account by nothing that is kept', async () => {
  await leavesNothing(await town('telegram'))
}, 240_000)

it('an anonymous report in the web chat is connected with its conversation by nothing that is kept', async () => {
  await leavesNothing(await town('web-chat'))
}, 240_000)

describeWithRedis('with the queues on Redis', () => {
  it('neither Redis connects an anonymous report with who made it', async () => {
    const redis = await startRedis()
    onTestFinished(redis.stop)
    const here = await town('telegram', { REDIS_URL: redis.url })
    await leavesNothing(here, () => everyKey(redis.url))
  }, 240_000)
})
