import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { EXIT, reasonOf, StartupProblem } from '../problem.ts'

const execute = promisify(execFile)

/** The user of the operating system that PostgreSQL runs as when we are root: it refuses to run as root itself. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** What a child of ours gets from us: no secrets of our environment, a folder it can enter, never root. */
export function childOptions(account: Account | undefined) {
  return {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  }
}

/**
 * Undefined for an ordinary user, who runs PostgreSQL as himself. For root: the owner of what is already there, else
 * `postgres`, else `nobody`.
 * @throws {StartupProblem} when root finds no such user, or may not become it.
 */
export async function chooseAccount(owner?: { uid: number; gid: number }): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const account =
    owner && owner.uid !== 0 ? { name: String(owner.uid), uid: owner.uid, gid: owner.gid } : await lookUp()
  try {
    await execute('/bin/sh', ['-c', ':'], childOptions(account))
  } catch (error) {
    throw cannotBeRoot(`this process may not become the user ${account.name} (${reasonOf(error)})`)
  }
  return account
}

/** Whether the account may do what `test` asks (`-x`, `-w`) at a path, through all the folders above it. */
export async function canReach(account: Account, path: string, test: '-x' | '-w'): Promise<boolean> {
  try {
    await execute('/bin/sh', ['-c', 'test "$0" "$1"', test, path], childOptions(account))
    return true
  } catch (error) {
    // 1 is the answer of `test`; anything else is a failure to ask.
    if (error instanceof Error && 'code' in error && error.code === 1) return false
    throw error
  }
}

async function lookUp(): Promise<Account> {
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.allSettled(['-u', '-g'].map((which) => execute('id', [which, name])))
    const [uid, gid] = ids.map((id) => (id.status === 'fulfilled' ? Number(id.value.stdout) : 0))
    if (uid && gid) return { name, uid, gid }
  }
  throw cannotBeRoot('this system has neither a user postgres nor a user nobody')
}

const cannotBeRoot = (reason: string) =>
  new StartupProblem(
    `The embedded PostgreSQL does not run as root, and ${reason}. Start Canaliza as an ordinary user, or set DATABASE_URL to a PostgreSQL server.`,
    EXIT.unavailable,
  )
