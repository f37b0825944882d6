import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { writeDurably } from './durable-file.ts'
import { asStartupProblem, EXIT, reasonOf, StartupProblem } from './problem.ts'

/** The refusal of a folder that another live process holds. */
export class FolderInUse extends StartupProblem {}

/** A folder that this process alone holds. */
export interface FolderLock {
  release(): Promise<void>
}

// A connection that is garbage collected gives its lock away.
const held = new Set<DatabaseSync>()

const SQLITE_BUSY = 5

/**
 * Holds `folder` for this process alone until it releases it or dies, however it dies.
 *
 * The lock is the operating system's lock on a file, which the kernel drops with the process: no stale lock, no guess
 * about process numbers used again, valid across containers that share the folder. Node has no call for it, SQLite has:
 * `lock` is an empty SQLite database with an exclusive transaction. Nothing else in this process may open that file
 * (closing any descriptor of it drops the lock, a rule of POSIX).
 * @throws {FolderInUse} naming the process that holds it. @throws {StartupProblem} when the folder cannot be locked.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const pidFile = join(folder, 'canaliza.pid')
  const database = acquire(folder, pidFile)
  held.add(database)
  const release = async () => {
    if (!held.delete(database)) return
    await rm(pidFile, { force: true })
    database.close()
  }
  try {
    await writeDurably(pidFile, `${process.pid}\n`, 0o644)
  } catch (error) {
    await release()
    throw asStartupProblem(error, `The folder ${folder} cannot be written to`)
  }
  return { release }
}

function acquire(folder: string, pidFile: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database?.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) throw inUse(folder, pidFile)
    throw new StartupProblem(
      `The folder ${folder} cannot be locked (${reasonOf(error)}). Check who owns the file ${join(folder, 'lock')}, and that the disk is a local one with free space.`,
      EXIT.folder,
    )
  }
}

function inUse(folder: string, pidFile: string): FolderInUse {
  // Absent for the instant between the lock and the writing of the file.
  const holder = existsSync(pidFile) ? ` (process ${readFileSync(pidFile, 'utf8').trim()})` : ''
  return new FolderInUse(
    `Another Canaliza${holder} is running on the folder ${folder}. Stop it first, or give this one a folder and a port of its own with DATA_DIR and PORT.`,
    EXIT.busy,
  )
}
