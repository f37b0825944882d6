import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hasCode } from '../problem.ts'
import { until } from '../until.ts'

const execute = promisify(execFile)

/** What `postmaster.pid` says of the server that uses a data folder, or used it when it died. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** It takes connections; not while it recovers from a crash. */
  readonly ready: boolean
}

/** Reads `postmaster.pid`, whose lines are fixed in PostgreSQL's pidfile.h; undefined when there is none. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const lines = (await readOr(join(data, 'postmaster.pid'), '')).split('\n')
  const [pid, port, status] = [Number(lines[0]), Number(lines[3]), lines[7]?.trim()]
  return pid > 0 ? { pid, port, ready: status === 'ready' } : undefined
}

/** Whether this process number is a PostgreSQL on this very data folder, and not another program that got its number. */
export async function isPostmaster(pid: number, data: string): Promise<boolean> {
  const command = await (process.platform === 'linux' ? readOr(`/proc/${pid}/cmdline`, '') : askPs(pid))
  return /postgres/.test(command) && command.includes(data)
}

async function askPs(pid: number): Promise<string> {
  try {
    return (await execute('ps', ['-o', 'command=', '-p', String(pid)])).stdout
  } catch (error) {
    // 1 is its answer for "no such process".
    if (error instanceof Error && 'code' in error && error.code === 1) return ''
    throw error
  }
}

/**
 * Lets a new server start where one has died. PostgreSQL refuses while a process has the number in `postmaster.pid`,
 * be it a zombie that nobody collects or another program; the number of its own parent, us, it overlooks. The rest of
 * the file stays: it finds in it the shared memory that children of the dead server may still be using.
 */
export async function overlookDeadPostmaster(data: string): Promise<void> {
  const found = await readPostmaster(data)
  if (!found || (await isPostmaster(found.pid, data))) return
  const file = join(data, 'postmaster.pid')
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
  await writeFile(file, [process.pid, ...rest].join('\n'))
}

/** Resolves when the process is gone, or is a zombie whose parent does not collect it; false when the time is over. */
export async function isGone(pid: number, timeout?: number): Promise<boolean> {
  const gone = async () => !(await isAlive(pid))
  return (await until(gone, timeout === undefined ? { every: 100 } : { timeout })) ?? false
}

/**
 * Stops the PostgreSQL on this data folder: connections are cut and everything is written; if that takes longer than
 * `fastTimeout` milliseconds it is broken off, loses nothing, and the next start recovers.
 */
export async function stopPostmaster({ pid }: { pid: number }, data: string, fastTimeout = 5_000): Promise<void> {
  if (!(await isPostmaster(pid, data))) return
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', fastTimeout],
    ['SIGQUIT', 2_000],
    ['SIGKILL', 2_000],
  ]
  for (const [signal, timeout] of steps) {
    send(pid, signal)
    if (await isGone(pid, timeout)) return
  }
  throw new Error(`PostgreSQL (process ${pid}) does not end, not even when killed`)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

/** Whether a process has this number and is not a zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it has become the number of somebody else's process.
    if (hasCode(error, 'ESRCH', 'EPERM')) return false
    throw error
  }
  // "pid (command) state …"
  return !/\) Z /.test(await readOr(`/proc/${pid}/stat`, ''))
}

async function readOr(path: string, absent: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return absent
    throw error
  }
}
