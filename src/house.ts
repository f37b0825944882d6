import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { Usuario } from './admin/cuentas/usuario.ts'
import { abrirConfiguracion, type Configuracion } from './configuracion/configuracion.ts'
import { Address } from './conversation/address.ts'
import { Attachment } from './conversation/attachment.ts'
import { Conversation } from './conversation/conversation.ts'
import { Message } from './conversation/stored-message.ts'
import { openDataFolder } from './runtime/data-folder.ts'
import { type Database, migrate, openDatabase } from './runtime/database.ts'
import { isDatabaseAway } from './runtime/database-away.ts'
import { startEmbeddedPostgres } from './runtime/embedded-postgres/embedded-postgres.ts'
import { joinEmbeddedPostgres } from './runtime/embedded-postgres/join.ts'
import type { Environment } from './runtime/env.ts'
import { EXIT, reasonOf, StartupProblem } from './runtime/problem.ts'
import { secretKey } from './runtime/secret-key.ts'
import { CONFIG_FOLDER, readSettings, type Settings } from './settings.ts'
import { Categoria } from './workflow/catalogo/categoria.ts'
import { loadCatalogo } from './workflow/catalogo/load-catalogo.ts'
import { Outbox } from './workflow/outbox.ts'
import { Ciudadano } from './workflow/personas/ciudadano.ts'
import { Movimiento } from './workflow/peticion/movimiento.ts'
import { Peticion } from './workflow/peticion/peticion.ts'

/** Every mapped class, for the database. */
export const ENTITIES = [
  Address,
  Attachment,
  Categoria,
  Ciudadano,
  Conversation,
  Message,
  Movimiento,
  Outbox,
  Peticion,
  Usuario,
]

/** What the server and every command stand on: settings read, database open and of this version, catalogue loaded. */
export interface House {
  /** What is in force, read through `configuracion`. */
  settings: Settings
  configuracion: Configuracion
  database: Database
  secretKey: string
  close(): Promise<void>
}

/** How long a server named by DATABASE_URL may take to answer, in milliseconds: it may be starting beside us. */
const DATABASE_PATIENCE = 15_000

/** Milliseconds until PostgreSQL's own processes are at work, and ours only waits for them. */
const UNDER_WAY = 150

/**
 * Opens the data folder and the database (the embedded one without DATABASE_URL), migrates, and loads what the municipality configured.
 * With `joining`, for commands, the embedded server of a running Canaliza is used; with `mirar`, which goes with it unless said
 * otherwise, the files of config/ are not taken up; `meanwhile` is called with what the files say while the database starts.
 * @throws {StartupProblem} with a sentence for the operator, for everything that can be wrong outside of us.
 */
export async function openHouse(
  env: Environment,
  log: Logger,
  {
    joining = false,
    mirar = joining,
    meanwhile = () => undefined,
  }: { joining?: boolean; mirar?: boolean; meanwhile?: (settings: Settings) => void } = {},
): Promise<House> {
  // Files that are wrong are told before anything is opened.
  const files = await readSettings(CONFIG_FOLDER, env.source)
  const timer = setTimeout(meanwhile, UNDER_WAY, files)
  const ground = await openGround(env, log, joining).finally(() => clearTimeout(timer))
  try {
    await migrate(ground.url)
    const database = await openDatabase(ground.url, ENTITIES, log)
    const configuracion = await abrirConfiguracion(database, env.source, log, {
      mirar,
      publicUrl: env.PUBLIC_URL,
    })
    const { settings } = configuracion
    await loadCatalogo(database.fork(), settings.catalogo, settings.municipio.reglas)
    const close = async () => {
      await database.close()
      await ground.close()
    }
    return { settings, configuracion, database, secretKey: await secretKey(env), close }
  } catch (error) {
    await ground.close()
    throw error
  }
}

interface Ground {
  url: string
  close(): Promise<void>
}

async function openGround(env: Environment, log: Logger, joining: boolean): Promise<Ground> {
  if (env.DATABASE_URL) {
    const folder = await openDataFolder(env.DATA_DIR, { shared: true })
    await waitForDatabase(env.DATABASE_URL, log)
    return { url: env.DATABASE_URL, close: folder.close }
  }
  if (joining) return joinEmbeddedPostgres({ dataDir: env.DATA_DIR, log })
  const folder = await openDataFolder(env.DATA_DIR)
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: folder.path, log })
    return {
      url: postgres.url,
      close: async () => {
        await postgres.stop()
        await folder.close()
      },
    }
  } catch (error) {
    await folder.close()
    throw error
  }
}

async function waitForDatabase(url: string, log: Logger): Promise<void> {
  const end = performance.now() + DATABASE_PATIENCE
  const database = await openDatabase(url, [], log)
  try {
    for (;;) {
      try {
        return await database.ping()
      } catch (error) {
        if (!isDatabaseAway(error) || performance.now() > end) throw unreachable(url, error)
        await pause(500)
      }
    }
  } finally {
    await database.close()
  }
}

function unreachable(url: string, error: unknown): StartupProblem {
  const { host, pathname } = new URL(url)
  const what = `DATABASE_URL: the database ${pathname.slice(1)} at ${host} cannot be used`
  return new StartupProblem(
    `${what} (${reasonOf(error).split('\n')[0]}). Is the server running, and are name and password right?`,
    EXIT.unavailable,
  )
}
