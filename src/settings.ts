import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Canales, canalesSchema } from './channels/canales.ts'
import { catalogoEnInglesSchema, type Ingles, nombresEnIngles } from './conversation/flows/idioma/ingles.ts'
import { type Limites, limitesSchema } from './conversation/flows/limites/limites.ts'
import { loadMensajes, type Mensajes } from './conversation/mensajes.ts'
import {
  type Examples,
  examplesSchema,
  informationSchema,
  type Lexicon,
  lexiconSchema,
  type Respuesta,
} from './conversation/understanding/lexicon.ts'
import { type AvisoDePrivacidad, readAvisoDePrivacidad } from './portal/aviso-de-privacidad.ts'
import { StartupProblem } from './runtime/problem.ts'
import { readYaml } from './runtime/yaml-config.ts'
import { type Catalogo, catalogoSchema } from './workflow/catalogo/catalogo.ts'
import { type Municipio, municipioSchema } from './workflow/catalogo/municipio.ts'

/** What the municipality edits, read and checked. */
export interface Settings {
  municipio: Municipio
  catalogo: Catalogo
  canales: Canales
  mensajes: Mensajes
  /** How people write, and how they tell of each subject. */
  lexico: Lexicon
  ejemplos: Examples
  /** What the town answers to common questions. */
  informacion: Respuesta[]
  /** Where the municipality ends. */
  limites: Limites
  /** The catalogue's words, and how people write, in English. */
  ingles: Ingles
  avisoDePrivacidad: AvisoDePrivacidad
  /** The municipality's coat of arms for its papers, PNG or JPEG. */
  logo: Buffer | undefined
}

/** The folder `config/` of this program. */
export const CONFIG_FOLDER = fileURLToPath(new URL('../config', import.meta.url))

/**
 * Reads all files of `config/`; `variables` fill the `${NAME}` in canales.yaml.
 * @throws {StartupProblem} naming file, line and what was expected, for everything that is wrong.
 */
export async function readSettings(folder: string, variables: Readonly<Record<string, string>>): Promise<Settings> {
  const catalogo = await readYaml(`${folder}/catalogo.yaml`, catalogoSchema)
  const municipio = await readYaml(`${folder}/municipio.yaml`, municipioSchema(catalogo))
  const asuntos = catalogo.categorias.map(({ codigo }) => codigo)
  const ingles = await readIngles(folder, catalogo)
  return {
    catalogo,
    municipio,
    logo: municipio.formato.logo === undefined ? undefined : await readLogo(folder, municipio.formato.logo),
    canales: await readYaml(`${folder}/canales.yaml`, canalesSchema, { env: variables }),
    mensajes: await loadMensajes(folder, nombresEnIngles(catalogo.categorias, ingles.catalogo)),
    ingles,
    lexico: await readYaml(`${folder}/lexico.yaml`, lexiconSchema(asuntos)),
    informacion: (await readYaml(`${folder}/informacion.yaml`, informationSchema)).respuestas,
    ejemplos: await readYaml(`${folder}/ejemplos.yaml`, examplesSchema(asuntos)),
    limites: await readYaml(`${folder}/limites.yaml`, limitesSchema),
    avisoDePrivacidad: await readAvisoDePrivacidad(folder),
  }
}

async function readIngles(folder: string, catalogo: Catalogo): Promise<Ingles> {
  const asuntos = catalogo.categorias.map(({ codigo }) => codigo)
  return {
    catalogo: await readYaml(`${folder}/catalogo.en.yaml`, catalogoEnInglesSchema(catalogo)),
    lexico: await readYaml(`${folder}/lexico.en.yaml`, lexiconSchema(asuntos)),
    ejemplos: await readYaml(`${folder}/ejemplos.en.yaml`, examplesSchema(asuntos)),
    informacion: (await readYaml(`${folder}/informacion.en.yaml`, informationSchema)).respuestas,
  }
}

async function readLogo(folder: string, name: string): Promise<Buffer> {
  const bytes = await readFile(join(folder, name)).catch(() => {
    throw new StartupProblem(`config/municipio.yaml: formato.logo names ${name}, but there is no such file in config/.`)
  })
  const isPng = bytes.subarray(1, 4).toString('latin1') === 'PNG'
  const isJpeg = bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xd8]))
  if (isPng || isJpeg) return bytes
  throw new StartupProblem(
    `config/municipio.yaml: formato.logo names ${name}, which is neither a PNG nor a JPEG picture.`,
  )
}
