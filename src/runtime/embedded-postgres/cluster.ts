import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { syncFolder, writeDurably } from '../durable-file.ts'
import { EXIT, hasCode, reasonOf, StartupProblem } from '../problem.ts'
import { childOptions } from './account.ts'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'

const execute = promisify(execFile)

/** PostgreSQL's data folder, made by `initdb`. */
export interface Cluster {
  /** PGDATA, absolute. */
  readonly data: string
  /** Of the superuser `postgres`, kept in the file `canaliza.password` of the data folder. */
  readonly password: string
}

/**
 * Finds the cluster in the home, or makes it: beside its place, and moved there only when it is whole and on the disk,
 * so that a death in the middle leaves nothing that looks like a database.
 * @throws {StartupProblem} when it is damaged or of another major version of PostgreSQL.
 */
export async function openCluster(home: Home, binaries: Binaries): Promise<Cluster> {
  const data = join(home.path, 'data')
  const entries = await readdir(home.path)
  for (const half of entries.filter((entry) => entry.startsWith('new-'))) {
    // Tried again because an initdb whose starter died may still be writing there.
    await rm(join(home.path, half), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  if (!entries.includes('data')) await createCluster(home, binaries, data)
  await checkVersion(data, binaries)
  return { data, password: await readPassword(data) }
}

async function createCluster(home: Home, { initdb }: Binaries, data: string): Promise<void> {
  const folder = await mkdtemp(join(home.path, 'new-'))
  const [temporary, passwordFile] = [join(folder, 'data'), join(folder, 'password')]
  const password = randomBytes(24).toString('base64url')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (home.account) await giveAway(home.account, [folder, passwordFile])
  try {
    await execute(initdb, [...initdbArguments(passwordFile), '-D', temporary], childOptions(home.account))
    await writeDurably(passwordFileOf(temporary), password)
    if (home.account) await giveAway(home.account, [passwordFileOf(temporary)])
    await execute(initdb, ['--sync-only', '-D', temporary], childOptions(home.account))
  } catch (error) {
    // The file is there (it was looked at): what does not exist is the loader that it asks for.
    if (hasCode(error, 'ENOENT')) throw foreignSystem(initdb)
    throw new StartupProblem(
      `PostgreSQL's data folder cannot be made in ${home.path}: ${complaintOf(error)}. Mend that (rights, free disk space), or set DATABASE_URL to a PostgreSQL server.`,
      EXIT.folder,
    )
  }
  await rename(temporary, data)
  await syncFolder(home.path)
  await rm(folder, { recursive: true, force: true })
}

const foreignSystem = (program: string) =>
  new StartupProblem(
    `The program ${program} does not run on this system: it needs the GNU C library, which Alpine Linux and others do not have. Use another system or image, or set DATABASE_URL to a PostgreSQL server.`,
    EXIT.unavailable,
  )

const giveAway = ({ uid, gid }: { uid: number; gid: number }, paths: string[]) =>
  Promise.all(paths.map((path) => chown(path, uid, gid)))

// The built-in locale sorts by code point and knows upper and lower case of all letters, the same on every system;
// what people read sorted is sorted in queries with a collation of its own. Not synced here: once, at the end.
const initdbArguments = (passwordFile: string) => [
  '--username=postgres',
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-sync',
  '--no-instructions',
]

const passwordFileOf = (data: string) => join(data, 'canaliza.password')

async function checkVersion(data: string, { major }: Binaries): Promise<void> {
  const version = (await readPart(data, 'PG_VERSION')).trim()
  if (!/^\d+$/.test(version)) throw damaged(data, `its file PG_VERSION says ${JSON.stringify(version.slice(0, 20))}`)
  if (Number(version) === major) return
  throw new StartupProblem(
    `The database in ${data} was made by PostgreSQL ${version}, and this Canaliza carries PostgreSQL ${major}. Start the Canaliza that made it, make a backup there with npm run backup, and restore that backup into a new data folder.`,
    EXIT.folder,
  )
}

/** The superuser's password. @throws {StartupProblem} when it is gone. */
export async function readPassword(data: string): Promise<string> {
  const password = await readPart(data, 'canaliza.password')
  if (password.length >= 32) return password
  throw damaged(data, 'its file canaliza.password holds no password')
}

async function readPart(data: string, name: string): Promise<string> {
  try {
    return await readFile(join(data, name), 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw damaged(data, `its file ${name} is missing`)
    throw damaged(data, `its file ${name} cannot be read (${reasonOf(error)})`)
  }
}

const damaged = (data: string, what: string) =>
  new StartupProblem(
    `The database in ${data} is damaged: ${what}. Restore it from a backup, or set DATA_DIR to another folder to begin anew.`,
    EXIT.folder,
  )

/** What initdb complained of, which is not the last that it says. */
function complaintOf(error: unknown): string {
  const lines = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n') : []
  return lines.findLast((line) => /error:|FATAL|PANIC|could not/.test(line)) ?? lines.at(-1) ?? reasonOf(error)
}
