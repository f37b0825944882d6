import { setTimeout as pause } from 'node:timers/promises'

const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // The name of a container that is stopped.
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '08003',
  '53300',
  '25P03',
  // It follows another server now; a new connection finds the one that takes writes.
  '25006',
])

/** Is this error the database being away (not a fault of the statement)? Looks through causes. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && AWAY.has(error.code)) return true
  // A socket file that is not there; any other file is not the database.
  if ('code' in error && error.code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') return true
  if (
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      error.message,
    )
  )
    return true
  return isDatabaseAway(error.cause) || ('previous' in error && isDatabaseAway(error.previous))
}

/** Seconds to keep trying before giving up: longer than any restart of the database. */
const PATIENCE = 120

/**
 * Repeats `work` while the database is away: for what must be written down because it has already happened outside.
 * Gives up, with the last error, after two minutes or when `signal` aborts.
 */
export async function onceDatabaseIsBack<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const end = performance.now() + PATIENCE * 1000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() > end || signal?.aborted) throw error
      await pause(250)
    }
  }
}
