import { openHouse } from '../house.ts'
import { readEnvironment } from '../runtime/env.ts'
import { createLogger } from '../runtime/logger.ts'
import { runProgram } from '../runtime/run-program.ts'

/** `npm run migrate`: brings the database up to this version and loads the catalogue; changes nothing when it is. */
async function migrate(): Promise<void> {
  const env = readEnvironment()
  const log = createLogger(env.LOG_LEVEL)
  for (const warning of env.warnings) log.warn(warning)
  const house = await openHouse(env, log, { joining: true })
  await house.close()
  process.stdout.write('The database is of this version, and the catalogue is loaded.\n')
}

runProgram(migrate)
