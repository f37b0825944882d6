import { fileURLToPath } from 'node:url'
import { type Canales, canalesSchema } from './channels/canales.ts'
import { loadMensajes, type Mensajes } from './conversation/mensajes.ts'
import { type AvisoDePrivacidad, readAvisoDePrivacidad } from './portal/aviso-de-privacidad.ts'
import { readYaml } from './runtime/yaml-config.ts'
import { type Catalogo, catalogoSchema } from './workflow/catalogo.ts'
import { type Municipio, municipioSchema } from './workflow/municipio.ts'

/** What the municipality edits, read and checked. */
export interface Settings {
  municipio: Municipio
  catalogo: Catalogo
  canales: Canales
  mensajes: Mensajes
  avisoDePrivacidad: AvisoDePrivacidad
}

/** The folder `config/` of this program. */
export const CONFIG_FOLDER = fileURLToPath(new URL('../config', import.meta.url))

/**
 * Reads all files of `config/`; `variables` fill the `${NAME}` in canales.yaml.
 * @throws {StartupProblem} naming file, line and what was expected, for everything that is wrong.
 */
export async function readSettings(folder: string, variables: Readonly<Record<string, string>>): Promise<Settings> {
  const catalogo = await readYaml(`${folder}/catalogo.yaml`, catalogoSchema)
  return {
    catalogo,
    municipio: await readYaml(`${folder}/municipio.yaml`, municipioSchema(catalogo)),
    canales: await readYaml(`${folder}/canales.yaml`, canalesSchema, { env: variables }),
    mensajes: await loadMensajes(folder),
    avisoDePrivacidad: await readAvisoDePrivacidad(folder),
  }
}
