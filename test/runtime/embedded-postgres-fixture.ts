import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Client } from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts'
import { StartupProblem } from '../../src/runtime/problem.ts'

/** Nothing in these tests survives a power cut, so that they need not wait for the disk. */
export const SETTINGS = { fsync: 'off', full_page_writes: 'off' }

/** Writes down what would be logged. */
export function listeningLog() {
  const lines: string[] = []
  const write = (...parts: unknown[]) => void lines.push(parts.filter((part) => typeof part === 'string').join(' '))
  return { lines, log: { info: write, warn: write, error: write } }
}

export function start(dataDir: string, more: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) {
  return startEmbeddedPostgres({ dataDir, settings: SETTINGS, log: listeningLog().log, ...more })
}

/** A process of its own that starts PostgreSQL and holds it; it ends by SIGKILL. */
export async function startInOtherProcess(
  dataDir: string,
): Promise<{ postgresPid: number; kill: () => Promise<void> }> {
  const fixture = new URL(import.meta.url).href
  const script = `const { start } = await import('${fixture}'); console.log((await start('${dataDir}')).pid); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return {
    postgresPid: Number(line),
    kill: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** Starts, uses and stops. */
export async function running<T>(dataDir: string, use: (postgres: EmbeddedPostgres) => Promise<T>): Promise<T> {
  const postgres = await start(dataDir)
  try {
    return await use(postgres)
  } finally {
    await postgres.stop()
  }
}

/** One statement on a connection of its own; the values of its first column. */
export async function query(url: string, text: string, parameters: unknown[] = []): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<unknown[]>({ text, values: parameters, rowMode: 'array' })
    return rows.map((row) => row[0])
  } finally {
    await client.end()
  }
}

export async function problemOf(starting: Promise<unknown>): Promise<StartupProblem> {
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof StartupProblem) return error
  throw new Error('no startup problem', { cause: error })
}
