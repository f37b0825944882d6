import type { Running } from './canaliza.ts'
import { readEnvironment } from './runtime/env.ts'
import { createLogger } from './runtime/logger.ts'
import { runProgram } from './runtime/run-program.ts'
import { addresses, serve } from './serve.ts'

async function main(): Promise<void> {
  const env = readEnvironment()
  const log = createLogger(env.LOG_LEVEL)
  for (const warning of env.warnings) log.warn(warning)
  await serve(env, log, (running) => [...addresses(running), ...firstAdministrator(running)])
}

function firstAdministrator({ administrator }: Running): string[] {
  if (!administrator?.password) return []
  return [
    '',
    '  First administrator (shown only this once):',
    `    ${administrator.email}`,
    `    ${administrator.password}`,
  ]
}

runProgram(main)
