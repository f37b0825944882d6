import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/runtime/embedded-postgres/embedded-postgres.ts'
import { StartupProblem } from '../../../src/runtime/problem.ts'

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

/** As `start`, and stopped at the end of the test at the latest. */
export async function startForTest(...options: Parameters<typeof start>): Promise<EmbeddedPostgres> {
  const postgres = await start(...options)
  onTestFinished(() => postgres.stop())
  return postgres
}

/** A process of its own that starts PostgreSQL and holds it until it is killed. */
export function startInOtherProcess(dataDir: string) {
  const module = new URL('../../../src/runtime/embedded-postgres/embedded-postgres.ts', import.meta.url).href
  const options = JSON.stringify({ dataDir, settings: SETTINGS })
  const script = `
    const { startEmbeddedPostgres } = await import('${module}')
    console.log((await startEmbeddedPostgres({ ...${options}, log: console })).pid)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const output = once(child.stdout, 'data')
  return {
    /** The process number of PostgreSQL, when it runs. */
    postgresPid: async () => {
      const [line] = await Promise.race([output, gone.then(() => ['the process ended'])])
      return Number(line)
    },
    kill: async () => {
      child.kill('SIGKILL')
      await gone
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
