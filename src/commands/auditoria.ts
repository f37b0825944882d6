import { parseArgs } from 'node:util'
import { openHouse } from '../house.ts'
import { readEnvironment } from '../runtime/env.ts'
import { createLogger } from '../runtime/logger.ts'
import { StartupProblem } from '../runtime/problem.ts'
import { runProgram } from '../runtime/run-program.ts'
import { sellarBitacora } from '../workflow/bitacora/sellar.ts'
import { type Falla, verificarBitacora } from '../workflow/bitacora/verificar.ts'

const HELP = `The audit log of the panel, each line of it sealed to the one before.

  npm run auditoria -- --verificar    goes through the whole chain; ends with 1 when a line was changed or is gone
`

const QUE: Record<Falla['que'], (id: number) => string> = {
  cambiado: (id) => `line ${id} was changed after it was sealed`,
  borrado: (id) => `line ${id} is gone`,
  sin_eslabon: (id) => `link ${id} of the chain is gone`,
  sin_sello: (id) => `line ${id} is older than a day and was never sealed`,
}

/** `npm run auditoria`: tells whether the log is as it was written. */
async function main(): Promise<void> {
  if (!readArguments()) {
    process.stdout.write(HELP)
    return
  }
  const env = readEnvironment()
  const house = await openHouse(env, createLogger(env.LOG_LEVEL === 'info' ? 'warn' : env.LOG_LEVEL), { joining: true })
  try {
    await sellarBitacora(house.database, house.secretKey, new Date())
    const { revisados, depurados, fallas, ultimo } = await verificarBitacora(house.database.fork(), house.secretKey)
    for (const { que, id } of fallas) process.stdout.write(`${QUE[que](id)}\n`)
    const end = ultimo ? `; the last link is ${ultimo.n} ${ultimo.hash}` : ''
    process.stdout.write(`${revisados} lines verified, ${depurados} gone by age, ${fallas.length} wrong${end}\n`)
    if (fallas.length > 0) process.exitCode = 1
  } finally {
    await house.close()
  }
}

function readArguments(): boolean {
  try {
    const { values } = parseArgs({
      options: { verificar: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    })
    return values.verificar && !values.help
  } catch (error) {
    throw new StartupProblem(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
  }
}

runProgram(main)
