import { Socket } from 'node:net'
import { Migrator } from '@mikro-orm/migrations'
import { type EntityManager, type EntityName, MikroORM } from '@mikro-orm/postgresql'
import { runMigrations } from 'bullmq'
import { Client, type Pool, type TypeOverrides } from 'pg'
import type { Logger } from 'pino'
import { Inicio } from './migrations/0001-inicio.ts'
import { Whatsapp } from './migrations/0002-whatsapp.ts'
import { Canales } from './migrations/0003-canales.ts'
import { Redes } from './migrations/0004-redes.ts'
import { BotFramework } from './migrations/0005-bot-framework.ts'
import { Acuses } from './migrations/0006-acuses.ts'
import { Personas } from './migrations/0007-personas.ts'
import { Llegadas } from './migrations/0008-llegadas.ts'
import { Orientaciones } from './migrations/0009-orientaciones.ts'
import { Tableros } from './migrations/0010-tableros.ts'
import { Seguimiento } from './migrations/0011-seguimiento.ts'
import { Cercania } from './migrations/0012-cercania.ts'
import { LugarDeFoto } from './migrations/0012-lugar-de-foto.ts'
import { TrabajoDiario } from './migrations/0014-trabajo-diario.ts'
import { Privacidad } from './migrations/0017-privacidad.ts'
import { AvisosPersonales } from './migrations/0018-avisos-personales.ts'
import { Cuentas } from './migrations/0019-cuentas.ts'
import { Configuracion } from './migrations/0020-configuracion.ts'
import { TrabajoEnBloque } from './migrations/0021-trabajo-en-bloque.ts'
import { Captura } from './migrations/0022-captura.ts'
import { Indices } from './migrations/0023-indices.ts'
import { FormasYDispositivos } from './migrations/0030-formas-y-dispositivos.ts'
import { Vencimientos } from './migrations/0031-vencimientos.ts'
import { StartupProblem } from './problem.ts'

/** The schema of BullMQ's tables when its backend is PostgreSQL. */
export const QUEUE_SCHEMA = 'bullmq'

/** The open database: `fork()` gives one entity manager per unit of work. */
export interface Database {
  readonly url: string
  fork(): EntityManager
  /** Resolves when a statement got an answer; rejects otherwise. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** What main.ts gathers from the folders: the mapped classes. */
export type EntityClass = EntityName<object>

const MIGRATIONS = [
  { name: '0001-inicio', class: Inicio },
  { name: '0002-whatsapp', class: Whatsapp },
  { name: '0003-canales', class: Canales },
  { name: '0004-redes', class: Redes },
  { name: '0005-bot-framework', class: BotFramework },
  { name: '0006-acuses', class: Acuses },
  { name: '0007-personas', class: Personas },
  { name: '0008-llegadas', class: Llegadas },
  { name: '0009-orientaciones', class: Orientaciones },
  { name: '0010-tableros', class: Tableros },
  { name: '0011-seguimiento', class: Seguimiento },
  { name: '0012-cercania', class: Cercania },
  { name: '0012-lugar-de-foto', class: LugarDeFoto },
  { name: '0014-trabajo-diario', class: TrabajoDiario },
  { name: '0017-privacidad', class: Privacidad },
  { name: '0018-avisos-personales', class: AvisosPersonales },
  { name: '0019-cuentas', class: Cuentas },
  { name: '0020-configuracion', class: Configuracion },
  { name: '0021-trabajo-en-bloque', class: TrabajoEnBloque },
  { name: '0022-captura', class: Captura },
  { name: '0023-indices', class: Indices },
  { name: '0030-formas-y-dispositivos', class: FormasYDispositivos },
  { name: '0031-vencimientos', class: Vencimientos },
]
const OID = { int8: 20, timestamptz: 1184 }

/** Milliseconds without a sign after which a connection is dead: longer than any statement or pause within a transaction may last. */
const SILENCE = 25_000

const options = (url: string, entities: EntityClass[], silence = SILENCE) => ({
  clientUrl: url,
  entities,
  extensions: [Migrator],
  discovery: { warnWhenNoEntities: false },
  // Whether the database exists is asked by whoever opens it, in words of ours.
  ensureDatabase: false,
  pool: { min: 0, max: Number(new URL(url).searchParams.get('pool') ?? 12), idleTimeoutMillis: 20_000 },
  migrations: { migrationsList: MIGRATIONS, snapshot: false, tableName: 'migracion' },
  driverOptions: {
    application_name: 'canaliza',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 20_000,
    onPoolCreated: (pool: Pool) => {
      const types = pool.options.types
      if (!hasParsers(types)) throw new Error('the pool has no type parsers of its own')
      types.setTypeParser(OID.int8, Number)
      types.setTypeParser(OID.timestamptz, (text) => new Date(text))
      pool.on('connect', (client) => {
        client.once('end', () => giveBackLater(client))
        hangUpWhenSilent(client, silence)
      })
    },
  },
})

/** Milliseconds after which a connection that ended was forgotten by whoever had it. */
const FORGOTTEN = 500

/**
 * A transaction whose connection is cut cannot roll back either, and Kysely then never gives the connection back: after as many
 * as the pool holds, nothing would work any more.
 */
function giveBackLater(client: Client): void {
  setTimeout(() => {
    try {
      if ('release' in client && typeof client.release === 'function') client.release(true)
    } catch {
      // It was given back: the pool refuses it a second time.
    }
  }, FORGOTTEN).unref()
}

/** A machine that died or a network that drops everything ends no connection: its statements would wait for a quarter of an hour. */
function hangUpWhenSilent({ connection: { stream } }: Client, silence: number): void {
  if (!(stream instanceof Socket)) return
  stream.setTimeout(silence, () =>
    stream.destroy(Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' })),
  )
}

// By its method, not by its class: MikroORM may bring a copy of pg of its own.
function hasParsers(types: Pool['options']['types']): types is TypeOverrides {
  return types !== undefined && 'setTypeParser' in types
}

/**
 * Opens the pool; `entities` are gathered by main.ts. Does not wait for the server: `ping` does.
 * A connection on which nothing is heard for `silence` milliseconds is given up.
 */
export async function openDatabase(
  url: string,
  entities: EntityClass[],
  log: Logger,
  { silence }: { silence?: number } = {},
): Promise<Database> {
  const orm = await MikroORM.init({ ...options(url, entities, silence), logger: (line: string) => log.debug(line) })
  return {
    url,
    fork: () => orm.em.fork(),
    ping: async () => {
      await orm.em.getConnection().execute('select 1')
    },
    close: () => orm.close(true),
  }
}

/**
 * Brings our tables and BullMQ's up to this version; several processes may call it at once.
 * @throws {StartupProblem} when the database is of a newer version than this program.
 */
export async function migrate(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  // When PostgreSQL ends between two statements, the next one tells.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('canaliza-migrate'))")
    await refuseNewer(client)
    const orm = await MikroORM.init({ ...options(url, []), logger: () => undefined })
    try {
      await orm.migrator.up()
    } finally {
      await orm.close(true)
    }
    await runMigrations(client, QUEUE_SCHEMA)
  } finally {
    await client.end()
  }
}

async function refuseNewer(client: Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>("select to_regclass('migracion') is not null as exists")
  if (!rows[0]?.exists) return
  const applied = await client.query<{ name: string }>('select name from migracion')
  const known = new Set(MIGRATIONS.map((migration) => migration.name))
  const newer = applied.rows.map((row) => row.name).filter((name) => !known.has(name))
  if (newer.length > 0) {
    throw new StartupProblem(
      `The database was made by a newer version of Canaliza (it has the migration ${newer.join(', ')}). Start that version, or restore a backup made by this one.`,
    )
  }
}
