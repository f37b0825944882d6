import { parseArgs } from 'node:util'
import { openHouse } from '../house.ts'
import { readEnvironment } from '../runtime/env.ts'
import { openFiles } from '../runtime/files.ts'
import { createLogger } from '../runtime/logger.ts'
import { StartupProblem } from '../runtime/problem.ts'
import { runProgram } from '../runtime/run-program.ts'
import { aplicarRetencion, type Cuenta, simularRetencion } from '../workflow/privacidad/retencion.ts'

const HELP = `Personal data whose time is over (retencion in config/municipio.yaml).

  npm run retencion -- --simular    tells what would be blocked and erased, by kind; changes nothing
  npm run retencion                 does it now, all of it; each hour Canaliza does some of it by itself
`

/** `npm run retencion`: blocks and erases what is due, or only tells what is. */
async function main(): Promise<void> {
  const simular = readArguments()
  if (simular === undefined) {
    process.stdout.write(HELP)
    return
  }
  const env = readEnvironment()
  const house = await openHouse(env, createLogger(env.LOG_LEVEL === 'info' ? 'warn' : env.LOG_LEVEL), { joining: true })
  try {
    const files = await openFiles(env.DATA_DIR, env.STORAGE_URL)
    const deps = { ...house, ...house.settings, files, ahora: new Date() }
    const cuenta = simular ? await simularRetencion(deps) : await aplicarRetencion(deps, 1_000_000)
    process.stdout.write(tabla(cuenta, simular ? ['would be blocked', 'would be erased'] : ['blocked', 'erased']))
  } finally {
    await house.close()
  }
}

function tabla(cuenta: Cuenta, [bloqueados, borrados]: [string, string]): string {
  const line = (...cells: (string | number)[]) =>
    `${String(cells[0]).padEnd(18)}${String(cells[1]).padStart(18)}${String(cells[2]).padStart(18)}\n`
  return Object.entries(cuenta).reduce(
    (text, [clase, one]) => text + line(clase, one.bloqueados, one.borrados),
    line('', bloqueados, borrados),
  )
}

/** undefined: only the help was asked for. */
function readArguments(): boolean | undefined {
  try {
    const { values } = parseArgs({
      options: { simular: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    })
    return values.help ? undefined : values.simular
  } catch (error) {
    throw new StartupProblem(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
  }
}

runProgram(main)
