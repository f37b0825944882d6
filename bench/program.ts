import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { until } from '../src/runtime/until.ts'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))

/** `node src/main.ts` as an operator starts it. */
export interface Program {
  readonly url: string
  /** Milliseconds from the start of the process to its first answer. */
  readonly firstAnswer: number
  /** Megabytes of memory now (resident set). */
  memory(): Promise<number>
  stop(): Promise<void>
}

/** Starts it on this port with these variables and waits for its first answer. */
export async function startProgram(port: number, variables: Record<string, string>): Promise<Program> {
  const began = performance.now()
  const env = { ...process.env, LOG_LEVEL: 'warn', PORT: String(port), ...variables }
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: PROJECT, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  const answers = () =>
    fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    )
  if (!(await until(answers, { every: 10, timeout: 60_000 }))) throw new Error('the program does not answer')
  return {
    url,
    firstAnswer: performance.now() - began,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
