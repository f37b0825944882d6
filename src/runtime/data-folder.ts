import { constants } from 'node:fs'
import { access, mkdir, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createDurably } from './durable-file.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { asStartupProblem, EXIT, hasCode, reasonOf, StartupProblem } from './problem.ts'

/** The layout of the data folder that this version makes and understands; kept in its file `format`. */
const DATA_FORMAT = 1

/** The folder for everything that outlives the process (DATA_DIR); it is ours until `close`. */
export interface DataFolder {
  /** Absolute. */
  readonly path: string
  close(): Promise<void>
}

/**
 * Makes the folder if it is missing, checks its format, and keeps other processes out of it. `shared` opens it beside
 * others: for processes whose rows are on a server (DATABASE_URL) and who find only keys and files here.
 * @throws {FolderInUse} when another process holds it. @throws {StartupProblem} when it is damaged, newer or unusable.
 */
export async function openDataFolder(dataDir: string, { shared = false } = {}): Promise<DataFolder> {
  const path = resolve(dataDir)
  await makeFolder(path)
  const lock: FolderLock | undefined = shared ? undefined : await lockFolder(path)
  try {
    await checkFormat(path)
  } catch (error) {
    await lock?.release()
    throw asStartupProblem(error, `The data folder ${path} cannot be used`)
  }
  return { path, close: async () => lock?.release() }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const why = hasCode(error, 'EEXIST', 'ENOTDIR') ? 'there is a file in its place' : reasonOf(error)
    throw new StartupProblem(
      `The data folder ${path} cannot be used (${why}). Give this user the right to write there, or set DATA_DIR to another folder.`,
      EXIT.folder,
    )
  }
}

async function checkFormat(path: string): Promise<void> {
  const file = join(path, 'format')
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw new StartupProblem(`The file ${file} cannot be read (${reasonOf(error)}).`, EXIT.folder)
  })
  if (text === undefined) {
    await refuseForeign(path)
    await createDurably(file, `${DATA_FORMAT}\n`, 0o644)
    return
  }
  if (!/^\d+\s*$/.test(text)) throw damaged(path, `its file format says ${JSON.stringify(text.slice(0, 20))}`)
  if (Number(text) > DATA_FORMAT) {
    throw new StartupProblem(
      `The data folder ${path} was made by a newer Canaliza (format ${Number(text)}, this one knows ${DATA_FORMAT}). Start the newer version, or set DATA_DIR to another folder.`,
      EXIT.folder,
    )
  }
}

/** A folder without `format` that holds a database has lost a file; taking it for a new one could hide petitions. */
async function refuseForeign(path: string): Promise<void> {
  if ((await readdir(path)).includes('postgres'))
    throw damaged(path, 'it holds a database but its file format is missing')
}

const damaged = (path: string, what: string) =>
  new StartupProblem(
    `The data folder ${path} is damaged: ${what}. Restore it from a backup, or set DATA_DIR to another folder to begin anew.`,
    EXIT.folder,
  )
