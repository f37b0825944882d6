import { readYaml } from '../src/runtime/yaml-config.ts'
import { type Catalogo, catalogoSchema } from '../src/workflow/catalogo/catalogo.ts'
import { type Municipio, municipioSchema } from '../src/workflow/catalogo/municipio.ts'

/** The catalogue as shipped. */
export const readCatalogo = (): Promise<Catalogo> => readYaml('config/catalogo.yaml', catalogoSchema)

/** The municipality's file as shipped, checked against the catalogue. */
export const readMunicipio = async (): Promise<Municipio> =>
  readYaml('config/municipio.yaml', municipioSchema(await readCatalogo()))
