import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { StartupProblem } from '../runtime/problem.ts'
import { CONFIG_FOLDER, readSettings, type Settings } from '../settings.ts'
import type { Documentos } from '../workflow/configuracion/versiones.ts'

/** Read from its file alone: it names secrets, and a channel is opened at the start. */
const SOLO_ARCHIVO = 'canales.yaml'

/** The documents of a folder such as config/, by name. */
export async function leerDocumentos(folder: string): Promise<Documentos> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml') && name !== SOLO_ARCHIVO).sort()
  const textos = names.map(async (name) => [basename(name, '.yaml'), await readFile(join(folder, name), 'utf8')])
  return Object.fromEntries(await Promise.all(textos))
}

/** Runs `use` with a folder that holds config/ with these documents in place of its own. */
async function enCarpeta<T>(documentos: Documentos, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'canaliza-config-'))
  try {
    await cp(CONFIG_FOLDER, folder, { recursive: true })
    for (const [name, texto] of Object.entries(documentos)) await writeFile(join(folder, `${name}.yaml`), texto)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Reads documents as if they were the files of config/. @throws {StartupProblem} */
export const leerSettings = (documentos: Documentos, variables: Readonly<Record<string, string>>): Promise<Settings> =>
  enCarpeta(documentos, async (folder) => {
    try {
      return await readSettings(folder, variables)
    } catch (error) {
      if (!(error instanceof StartupProblem)) throw error
      const places = [relative(process.cwd(), folder), folder]
      throw new StartupProblem(places.reduce((text, place) => text.replaceAll(place, 'config'), error.message))
    }
  })
