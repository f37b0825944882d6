import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../until.ts'
import { childOptions } from './account.ts'
import type { Binaries } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import type { Home } from './home.ts'
import { lastComplaint, openLog } from './log.ts'
import { isGone, isPostmaster, overlookDeadPostmaster, readPostmaster, stopPostmaster } from './process.ts'

/** A PostgreSQL that takes connections on 127.0.0.1. */
export interface Server {
  readonly pid: number
  readonly port: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly gone: Promise<unknown>
}

/** What a server is started from. */
export interface Installation {
  readonly home: Home
  readonly binaries: Binaries
  readonly cluster: Cluster
  /** PostgreSQL's own settings, over ours. */
  readonly settings: Readonly<Record<string, string>>
}

/** PostgreSQL ended before it took connections; the message is the last thing that it complained of. */
export class ServerFailed extends Error {
  /** The cause passes by itself: a port taken in the meantime, children of a killed server that are still ending. */
  get passing(): boolean {
    return /shared memory block|TCP\/IP sockets|lock file/.test(this.message)
  }
}

// Errors are logged without the statement and its values: they hold what citizens wrote.
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // All seven channels in one process take up to 98, and commands run beside it: docs/decisions/0006-connections.md.
  max_connections: '200',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // For connections that ask for nothing stricter.
  idle_in_transaction_session_timeout: '60s',
  statement_timeout: '5min',
  jit: 'off',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

/**
 * Starts PostgreSQL in a session of its own, out of reach of the terminal's Ctrl-C, and waits until it takes connections,
 * as long as its recovery from a crash may take.
 * @throws {ServerFailed} @throws the signal's reason when it is aborted; the server is then stopped.
 */
export async function launchServer(installation: Installation, port: number, signal?: AbortSignal): Promise<Server> {
  const { home, binaries, cluster } = installation
  await overlookDeadPostmaster(cluster.data)
  const { file, offset } = await openLog(home.path)
  const child = spawn(binaries.postgres, argumentsOf(installation, port), {
    ...childOptions(home.account),
    detached: true,
    stdio: ['ignore', file.fd, file.fd],
  })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  try {
    await once(child, 'spawn')
  } finally {
    await file.close()
  }
  child.unref()
  const pid = child.pid ?? 0
  const state = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return 'ended'
    const postmaster = await readPostmaster(cluster.data)
    return postmaster?.pid === pid && postmaster.ready && 'ready'
  }
  try {
    if ((await until(state, { every: 10, ...(signal ? { signal } : {}) })) === 'ready') return { pid, port, gone }
  } catch (error) {
    await stopPostmaster({ pid }, cluster.data)
    throw error
  }
  throw new ServerFailed(await lastComplaint(home.path, offset))
}

/**
 * The server that a killed process of ours left behind on this data folder, if it can be used as it is: same programs,
 * same settings, ready. Another one is stopped.
 */
export async function adoptServer(installation: Installation): Promise<Server | undefined> {
  const { data } = installation.cluster
  const found = await readPostmaster(data)
  if (!found || !(await isPostmaster(found.pid, data))) return undefined
  const command = await readFile(join(data, 'postmaster.opts'), 'utf8')
  if (found.ready && command === commandOf(installation, found.port)) {
    return { pid: found.pid, port: found.port, gone: isGone(found.pid) }
  }
  await stopPostmaster(found, data, 10_000)
  return undefined
}

function argumentsOf({ cluster, settings }: Installation, port: number): string[] {
  const all = { ...SETTINGS, port: String(port), ...settings }
  return ['-D', cluster.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** As PostgreSQL writes it to `postmaster.opts`. */
function commandOf(installation: Installation, port: number): string {
  const quoted = argumentsOf(installation, port).map((argument) => ` "${argument}"`)
  return `${installation.binaries.postgres}${quoted.join('')}\n`
}
