import type { Logger } from 'pino'
import { type Running, startCanaliza } from './canaliza.ts'
import type { Environment } from './runtime/env.ts'

/** Seconds a graceful stop may take; then the process leaves, and what it held is found by the sweeper. */
const STOP_LIMIT = 20

/**
 * Runs Canaliza until SIGTERM or SIGINT ends the process; `say` gives the lines printed when it runs.
 * @throws {StartupProblem} when it cannot start.
 */
export async function serve(env: Environment, log: Logger, say: (running: Running) => string[]): Promise<void> {
  const starting = startCanaliza(env, log)
  let stopping = false

  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping: what is under way is finished first')
    setTimeout(() => process.exit(1), STOP_LIMIT * 1000).unref()
    const running = await starting
    await running.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  const running = await starting
  if (!stopping) process.stdout.write(`\n${say(running).join('\n')}\n\n`)
}

/** Where it answers, as every start says it. */
export const addresses = ({ url, roles }: Running): string[] => [
  `Canaliza is running (${roles.join(', ')})`,
  `  web chat  ${url}/`,
  `  panel     ${url}/admin`,
]
