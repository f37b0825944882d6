import { type Running, startCanaliza } from './canaliza.ts'
import { readEnvironment } from './runtime/env.ts'
import { createLogger } from './runtime/logger.ts'
import { runProgram } from './runtime/run-program.ts'

/** Seconds a graceful stop may take; then the process leaves, and what it held is found by the sweeper. */
const STOP_LIMIT = 20

async function main(): Promise<void> {
  const env = readEnvironment()
  const log = createLogger(env.LOG_LEVEL)
  for (const warning of env.warnings) log.warn(warning)
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
  if (!stopping) announce(running)
}

function announce({ url, roles, administrator }: Running): void {
  const lines = [`Canaliza is running (${roles.join(', ')})`, `  web chat  ${url}/`, `  panel     ${url}/admin`]
  if (administrator?.password) {
    lines.push(
      '',
      '  First administrator (shown only this once):',
      `    ${administrator.email}`,
      `    ${administrator.password}`,
    )
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n`)
}

runProgram(main)
