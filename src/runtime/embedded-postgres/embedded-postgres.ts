import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLogger } from 'pino'
import { lockFolder } from '../folder-lock.ts'
import { asStartupProblem, EXIT, hasCode, reasonOf, StartupProblem } from '../problem.ts'
import { until } from '../until.ts'
import { prepareBinaries } from './binaries.ts'
import { openCluster } from './cluster.ts'
import { openOwnDatabase } from './database.ts'
import { openHome } from './home.ts'
import { limitLog, logFileOf } from './log.ts'
import { stopPostmaster } from './process.ts'
import { adoptServer, type Installation, launchServer, type Server, ServerFailed } from './server.ts'

type Log = Pick<BaseLogger, 'info' | 'warn' | 'error'>

/** What the server is started with. */
export interface EmbeddedPostgresOptions {
  /** The data folder, already open; the server lives in its folder `postgres`. */
  dataDir: string
  log: Log
  /** Called each time the server takes connections again after it ended unasked; its URL is the same. */
  onRestart?: () => void
  /** PostgreSQL settings over ours, as in postgresql.conf. */
  settings?: Record<string, string>
  /** Where root may put the server's folder when PostgreSQL's user cannot reach `dataDir`. */
  fallbackParents?: readonly string[]
}

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  /** Of the database `canaliza`, whose owner may create databases and trusted extensions; stays the same over restarts. */
  readonly url: string
  /** Its present process, to be watched or killed by tests. */
  readonly pid: number
  /** Stops it for good; call it when all connections have been closed. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL that comes with the npm packages, makes its database the first time, and keeps it running until
 * `stop`. A server left behind by a killed process is taken over. No signal of the terminal reaches it.
 * @throws {StartupProblem} when it cannot run here, or its folder is held by another process, damaged, or of another
 * major version.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = await openHome(options)
  const lock = await lockFolder(home.path)
  try {
    const binaries = await prepareBinaries(home)
    const cluster = await openCluster(home, binaries)
    const installation = { home, binaries, cluster, settings: options.settings ?? {} }
    const server = (await adoptServer(installation)) ?? (await firstServer(installation))
    const url = await openOwnDatabase(cluster, server.port).catch(async (error: unknown) => {
      await stopPostmaster(server, cluster.data)
      throw doesNotWork(installation, reasonOf(error))
    })
    return supervise(installation, server, url, options, () => lock.release())
  } catch (error) {
    await lock.release()
    throw asStartupProblem(error, `The embedded PostgreSQL in ${home.path} cannot be started`)
  }
}

async function firstServer(installation: Installation): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchServer(installation, await freePort())
    } catch (error) {
      const passing = error instanceof ServerFailed && error.passing
      if (!passing || attempt === 40) throw doesNotWork(installation, reasonOf(error))
      await sleep(250)
    }
  }
}

const doesNotWork = ({ home, cluster }: Installation, reason: string) =>
  new StartupProblem(
    `The database in ${cluster.data} does not work: PostgreSQL says "${reason}" (all it says is in ${logFileOf(home.path)}). If the folder is damaged, restore it from a backup, or set DATA_DIR to another folder to begin anew.`,
    EXIT.folder,
  )

/** A free port below those that systems give to outgoing connections, so that none of these can take it while we restart. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const probe = createServer()
    try {
      await once(probe.listen(port, '127.0.0.1'), 'listening')
      return port
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE', 'EACCES')) throw error
    } finally {
      probe.close()
    }
  }
}

function supervise(
  installation: Installation,
  first: Server,
  url: string,
  { log, onRestart }: EmbeddedPostgresOptions,
  release: () => Promise<void>,
): EmbeddedPostgres {
  const { home, cluster } = installation
  const stopping = new AbortController()
  let server = first

  const watch = async () => {
    for (;;) {
      await server.gone
      if (stopping.signal.aborted) return
      log.error({ pid: server.pid, log: logFileOf(home.path) }, 'PostgreSQL ended unasked; starting it again')
      const again = await relaunch(installation, server.port, log, stopping.signal)
      if (!again) return
      server = again
      if (stopping.signal.aborted) return stopPostmaster(server, cluster.data)
      log.info({ pid: server.pid }, 'PostgreSQL runs again')
      onRestart?.()
    }
  }

  const watching = watch()
  const hourly = setInterval(() => {
    limitLog(home.path).catch((error: unknown) => log.warn({ err: error }, "PostgreSQL's log could not be cut"))
  }, 3_600_000).unref()

  const stop = async () => {
    stopping.abort()
    clearInterval(hourly)
    await stopPostmaster(server, cluster.data)
    await watching
    await release()
  }
  let stopped: Promise<void> | undefined
  return {
    url,
    get pid() {
      return server.pid
    },
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Tries until the server runs again on the same port; undefined when it is no longer wanted. */
async function relaunch(
  installation: Installation,
  port: number,
  log: Log,
  signal: AbortSignal,
): Promise<Server | undefined> {
  for (let pause = 50; !signal.aborted; pause = Math.min(pause * 2, 5_000)) {
    try {
      return await launchServer(installation, port, signal)
    } catch (error) {
      if (signal.aborted) return undefined
      log.error({ err: error, pause }, 'PostgreSQL did not start again; the next attempt follows')
    }
    await until(() => signal.aborted, { timeout: pause })
  }
  return undefined
}
