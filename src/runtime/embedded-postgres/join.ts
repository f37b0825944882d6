import { realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openDataFolder } from '../data-folder.ts'
import { FolderInUse } from '../folder-lock.ts'
import { EXIT, hasCode, StartupProblem } from '../problem.ts'
import { until } from '../until.ts'
import { readPassword } from './cluster.ts'
import { ownUrl } from './database.ts'
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts'
import { readPostmaster } from './process.ts'

/** The database of a data folder, for as long as a command needs it. */
export interface JoinedPostgres {
  readonly url: string
  /** Stops the server if it was started for this command alone. */
  close(): Promise<void>
}

/**
 * For commands (`npm run usuario`, `migrate`, `backup`…), which may be given while Canaliza runs on the same folder: uses
 * its server then, and starts one otherwise. Opens the data folder itself.
 * @throws {StartupProblem} as `openDataFolder` and `startEmbeddedPostgres` do.
 */
export async function joinEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<JoinedPostgres> {
  try {
    const folder = await openDataFolder(options.dataDir)
    try {
      const postgres = await startEmbeddedPostgres({ ...options, dataDir: folder.path })
      return { url: postgres.url, close: () => postgres.stop().finally(() => folder.close()) }
    } catch (error) {
      await folder.close()
      throw error
    }
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error
    return { url: await urlOfRunning(resolve(options.dataDir)), close: async () => undefined }
  }
}

/** The one who holds the folder may be just starting. */
async function urlOfRunning(dataDir: string): Promise<string> {
  const url = await until(() => urlIfReady(join(dataDir, 'postgres')), { every: 100, timeout: 15_000 })
  if (url) return url
  throw new StartupProblem(
    `The Canaliza that is running on ${dataDir} has no database there that takes connections. If it uses a server, give this command the same DATABASE_URL; otherwise try again when it has started.`,
    EXIT.busy,
  )
}

async function urlIfReady(home: string): Promise<string | undefined> {
  try {
    const data = join(await realpath(home), 'data')
    const postmaster = await readPostmaster(data)
    return postmaster?.ready ? ownUrl(await readPassword(data), postmaster.port) : undefined
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
