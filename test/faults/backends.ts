import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { openDataFolder } from '../../src/runtime/data-folder.ts'
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres/embedded-postgres.ts'
import { hasCode } from '../../src/runtime/problem.ts'
import { startRedis } from '../redis.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

/** A PostgreSQL of the run's own, with everything on that protects data from a crash. */
export interface TownDatabase {
  readonly url: string
  /** Ends the server at once, by `kill -9` or as `pg_ctl stop -m immediate`; it is started again at once. False when it was down. */
  crash(how: 'SIGKILL' | 'SIGQUIT'): boolean
  /** How often it came back. */
  readonly restarts: number
  stop(): Promise<void>
}

/** Starts it in `folder`; what it says of its own restarts goes to `log`. */
export async function startTownDatabase(folder: string, log: (line: string) => void): Promise<TownDatabase> {
  const dataDir = join(folder, 'database')
  await mkdir(dataDir)
  const data = await openDataFolder(dataDir)
  let restarts = 0
  const say = (_fields: unknown, text?: string) => log(`postgres: ${text}`)
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => undefined, warn: say, error: say },
    settings: { max_connections: '300' },
    onRestart: () => {
      restarts += 1
    },
  })
  return {
    url: postgres.url,
    crash(how) {
      try {
        return process.kill(postgres.pid, how)
      } catch (error) {
        if (hasCode(error, 'ESRCH')) return false
        throw error
      }
    },
    get restarts() {
      return restarts
    },
    async stop() {
      await postgres.stop()
      await data.close()
    },
  }
}

/** A Redis of the run's own. */
export interface TownRedis {
  readonly url: string
  /** Kills it and starts it again on its file. */
  crash(): Promise<void>
  /** Forgets all. */
  empty(): Promise<void>
  stop(): Promise<void>
}

/** Starts it as an operator would set it up; its process file is in `folder`. */
export async function startTownRedis(folder: string): Promise<TownRedis> {
  const redis = await startRedis({ pidfile: join(folder, 'redis.pid') })
  return {
    url: redis.url,
    crash: redis.restart,
    async empty() {
      const client = new Redis(redis.url)
      await client.flushall()
      client.disconnect()
    },
    stop: redis.stop,
  }
}

/** A folder for one run that PostgreSQL's own user can reach. */
export interface RunFolder {
  path: string
  watchdog: Watchdog
  /** Everything in it has been ended. */
  leave(keep: boolean): Promise<void>
}

/** Makes it, with a watchdog that ends what runs in it and removes it when we are killed. */
export async function makeRunFolder(): Promise<RunFolder> {
  const path = await mkdtemp(join(tmpdir(), 'canaliza-faults-'))
  await chmod(path, 0o711)
  const watchdog = startWatchdog(path)
  return {
    path,
    watchdog,
    async leave(keep) {
      watchdog.dismiss()
      if (!keep) await rm(path, { recursive: true, force: true })
    },
  }
}
