import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openHouse } from '../house.ts'
import { readEnvironment } from '../runtime/env.ts'
import { createLogger } from '../runtime/logger.ts'
import { EXIT, StartupProblem } from '../runtime/problem.ts'
import { runProgram } from '../runtime/run-program.ts'
import { leerVigente } from '../workflow/configuracion/versiones.ts'

/** `npm run config:export -- FOLDER`: the configuration in force as the files that config/ would hold. */
async function exportar(): Promise<void> {
  const folder = process.argv[2]
  if (!folder) throw new StartupProblem('Say where to: npm run config:export -- FOLDER', EXIT.config)
  const env = readEnvironment()
  const house = await openHouse(env, createLogger(env.LOG_LEVEL === 'info' ? 'warn' : env.LOG_LEVEL), { joining: true })
  try {
    const { publicacion, documentos } = await leerVigente(house.database.fork())
    await mkdir(folder, { recursive: true })
    for (const [documento, texto] of Object.entries(documentos))
      await writeFile(join(folder, `${documento}.yaml`), texto)
    const count = Object.keys(documentos).length
    process.stdout.write(`${count} files of publication ${publicacion} are in ${folder}.\n`)
  } finally {
    await house.close()
  }
}

runProgram(exportar)
