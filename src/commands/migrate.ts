import { openHouse } from '../house.ts'
import { readEnvironment } from '../runtime/env.ts'
import { createLogger } from '../runtime/logger.ts'
import { runProgram } from '../runtime/run-program.ts'

/** `npm run migrate`: brings the database up to this version and takes up the files of config/; changes nothing when that is done. */
async function migrate(): Promise<void> {
  const env = readEnvironment()
  const log = createLogger(env.LOG_LEVEL)
  for (const warning of env.warnings) log.warn(warning)
  // What is in force may be of the version before, without a text that this one needs.
  const house = await openHouse(env, log, { joining: true, mirar: false })
  await house.close()
  process.stdout.write('The database and its configuration are of this version.\n')
}

runProgram(migrate)
