import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { leerDocumentos } from '../configuracion/carpeta.ts'
import { type House, openHouse } from '../house.ts'
import { readEnvironment } from '../runtime/env.ts'
import { createLogger } from '../runtime/logger.ts'
import { EXIT, reasonOf, StartupProblem } from '../runtime/problem.ts'
import { runProgram } from '../runtime/run-program.ts'
import { type Cambio, diferencias, valorDe } from '../workflow/configuracion/cambios.ts'
import { publicarDocumentos } from '../workflow/configuracion/publicar.ts'
import { type Documentos, leerVigente } from '../workflow/configuracion/versiones.ts'

const USE = 'npm run config:import -- FOLDER [--si] [--nota "why"]'

/** `npm run config:import -- FOLDER`: shows in what the files of a folder differ from what is in force, and publishes them when told so. */
async function importar(): Promise<void> {
  const { folder, si, nota } = readArguments()
  const env = readEnvironment()
  const house = await openHouse(env, createLogger(env.LOG_LEVEL === 'info' ? 'warn' : env.LOG_LEVEL), { joining: true })
  try {
    await importarCarpeta(house, folder, { nota, confirmar: () => (si ? Promise.resolve(true) : preguntar()) })
  } finally {
    await house.close()
  }
}

function readArguments(): { folder: string; si: boolean; nota: string } {
  try {
    const options = { si: { type: 'boolean', default: false }, nota: { type: 'string', default: '' } } as const
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    const [folder] = positionals
    if (folder === undefined) throw new Error('Say which folder')
    return { folder, ...values }
  } catch (error) {
    throw new StartupProblem(`${reasonOf(error)}. ${USE}`, EXIT.config)
  }
}

/**
 * The import itself. @throws {StartupProblem} for files that are no valid configuration, and when conversations that reached a folio
 * no longer would.
 */
async function importarCarpeta(
  { database, configuracion }: House,
  folder: string,
  { nota, confirmar }: { nota: string; confirmar(): Promise<boolean> },
): Promise<void> {
  const archivos = await leerDocumentos(folder).catch((cause: unknown) => {
    throw new StartupProblem(`The folder ${folder} cannot be read: ${reasonOf(cause)}`)
  })
  const { documentos } = await leerVigente(database.fork())
  const cambios = cambiosDe(documentos, archivos)
  if (Object.entries(archivos).every(([name, texto]) => documentos[name] === texto)) {
    stdout.write('Nothing differs from what is in force.\n')
    return
  }
  await configuracion.leer({ ...documentos, ...archivos })
  for (const cambio of cambios) stdout.write(`${linea(cambio)}\n`)
  if (cambios.length === 0) stdout.write('Only comments or the order differ.\n')
  const { lost, conversations } = await configuracion.probar({ ...documentos, ...archivos })
  const perdidas = lost.filter((one) => one.cause === 'settings')
  stdout.write(`${conversations} stored conversations were held again; ${perdidas.length} of them lose their folio.\n`)
  if (perdidas.length > 0)
    throw new StartupProblem('Nothing was published: conversations that reached a folio no longer would.')
  if (!(await confirmar())) {
    stdout.write('Nothing was published.\n')
    return
  }
  const deps = { leer: configuracion.leer, ahora: new Date() }
  const publicacion = await database
    .fork()
    .transactional((tx) => publicarDocumentos(tx, { origen: 'importacion', nota }, archivos, deps))
  stdout.write(`Published as ${publicacion}; running processes take it up now.\n`)
}

const cambiosDe = (documentos: Documentos, archivos: Documentos): Cambio[] =>
  Object.entries(archivos).flatMap(([name, texto]) =>
    diferencias(name, documentos[name] === undefined ? undefined : valorDe(documentos[name]), valorDe(texto)),
  )

function linea({ documento, ruta, antes, despues }: Cambio): string {
  const dicho = (value: Cambio['antes']) => (value === undefined ? '(nothing)' : JSON.stringify(value))
  return `${[documento, ...ruta].join(' / ')}: ${dicho(antes)} -> ${dicho(despues)}`
}

async function preguntar(): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stdout })
  const answer = await lines.question('Publish this? (si/no) ')
  lines.close()
  return ['si', 'sí', 's'].includes(answer.trim().toLowerCase())
}

runProgram(importar)
