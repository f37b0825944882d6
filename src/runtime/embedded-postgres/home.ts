import { chmod, chown, lstat, mkdir, mkdtemp, realpath, rmdir, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { BaseLogger } from 'pino'
import { syncFolder } from '../durable-file.ts'
import { EXIT, hasCode, reasonOf, StartupProblem } from '../problem.ts'
import { type Account, canReach, chooseAccount } from './account.ts'

/** The folder of the embedded server: its data, its log, and its programs when they had to be copied. */
export interface Home {
  /** Absolute and without symbolic links. */
  readonly path: string
  readonly account: Account | undefined
}

/** Where the data are, and who runs the server. */
export interface HomeOptions {
  /** The data folder; it exists. */
  dataDir: string
  log: Pick<BaseLogger, 'warn'>
  /** Where root looks for a place when PostgreSQL's user cannot reach the data folder; kept across reboots. */
  fallbackParents?: readonly string[]
}

/**
 * Finds or makes `<dataDir>/postgres`. When we are root and PostgreSQL's user cannot enter the data folder (a clone in
 * root's home), the place is elsewhere and `<dataDir>/postgres` a symbolic link to it: so it is still found when the
 * project is moved.
 * @throws {StartupProblem} when there is no such place, or not one for this user.
 */
export async function openHome({
  dataDir,
  log,
  fallbackParents = ['/var/lib', '/var/tmp'],
}: HomeOptions): Promise<Home> {
  const place = join(dataDir, 'postgres')
  try {
    if (await exists(place)) return await existingHome(place, dataDir)
    const account = await chooseAccount()
    if (account && !(await letThrough(account, dataDir)))
      return await homeElsewhere(place, account, fallbackParents, log)
    return await newHome(place, account)
  } catch (error) {
    if (error instanceof StartupProblem) throw error
    throw new StartupProblem(`The folder ${place} for the database cannot be made: ${reasonOf(error)}.`, EXIT.folder)
  }
}

async function newHome(path: string, account: Account | undefined): Promise<Home> {
  await mkdir(path, { mode: 0o700 })
  if (account) await chown(path, account.uid, account.gid)
  return { path: await realpath(path), account }
}

async function existingHome(place: string, dataDir: string): Promise<Home> {
  const path = await realpath(place).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error
    throw new StartupProblem(
      `The database is gone: ${place} leads to a folder that does not exist. Restore that folder, or remove ${place} to begin anew without it.`,
      EXIT.folder,
    )
  })
  const owner = await stat(path)
  const account = await chooseAccount(owner)
  if (!account) {
    if (owner.uid === process.getuid?.()) return { path, account }
    throw new StartupProblem(
      `The database in ${path} belongs to another user (number ${owner.uid}). Start Canaliza as the user who started it first, or set DATA_DIR to another folder.`,
      EXIT.folder,
    )
  }
  // We died between making it and giving it away.
  if (owner.uid === 0) await chown(path, account.uid, account.gid)
  if (
    (await canReach(account, path, '-w')) ||
    ((await letThrough(account, dataDir)) && (await canReach(account, path, '-w')))
  ) {
    return { path, account }
  }
  throw new StartupProblem(
    `The database in ${path} cannot be reached by the user ${account.name}, as whom PostgreSQL runs when Canaliza is started by root. Let that user pass through the folders above it (chmod o+x), or start Canaliza as another user.`,
    EXIT.folder,
  )
}

/** The data folder itself is ours to open a little for PostgreSQL's group; the folders above it are not. */
async function letThrough(account: Account, dataDir: string): Promise<boolean> {
  if (await canReach(account, dataDir, '-x')) return true
  const { uid, mode } = await stat(dataDir)
  await chown(dataDir, uid, account.gid)
  await chmod(dataDir, (mode & 0o700) | 0o010)
  return canReach(account, dataDir, '-x')
}

async function homeElsewhere(
  place: string,
  account: Account,
  parents: readonly string[],
  log: Pick<BaseLogger, 'warn'>,
): Promise<Home> {
  for (const parent of parents) {
    const path = await tryParent(parent, account)
    if (!path) continue
    await symlink(path, place)
    await syncFolder(join(place, '..'))
    log.warn(
      { path, link: place },
      `PostgreSQL does not run as root, and the user ${account.name} cannot reach ${place}: the database is kept in ${path}`,
    )
    return { path, account }
  }
  throw new StartupProblem(
    `PostgreSQL does not run as root, and the user ${account.name} can reach neither ${place} nor a folder in ${parents.join(' or ')}. Set DATA_DIR to a folder that every user may pass through, or start Canaliza as an ordinary user.`,
    EXIT.folder,
  )
}

async function tryParent(parent: string, account: Account): Promise<string | undefined> {
  try {
    const path = await mkdtemp(join(await realpath(parent), 'canaliza-'))
    await chown(path, account.uid, account.gid)
    if (await canReach(account, path, '-w')) return path
    await rmdir(path)
    return undefined
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR')) return undefined
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
