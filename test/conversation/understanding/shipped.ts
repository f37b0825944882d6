import { type Comprension, crearComprension } from '../../../src/conversation/flows/comprension/comprension.ts'
import { categoriasEnIngles } from '../../../src/conversation/flows/idioma/vistas.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { vistasDeCatalogo } from '../../../src/workflow/catalogo/vistas-de-catalogo.ts'

/** The understanding as shipped, with the catalogue of config/. */
export async function shippedComprension(): Promise<Comprension> {
  const { lexico, ejemplos, catalogo, informacion } = await readSettings(CONFIG_FOLDER, {})
  const saber = { lexicon: lexico, examples: ejemplos, emergencias: catalogo.emergencias, informacion }
  return crearComprension(saber, vistasDeCatalogo(catalogo))
}

/** The understanding of English as shipped. */
export async function shippedEnglish(): Promise<Comprension> {
  const { catalogo, ingles } = await readSettings(CONFIG_FOLDER, {})
  const { lexico, ejemplos, informacion } = ingles
  const saber = { lexicon: lexico, examples: ejemplos, emergencias: ingles.catalogo.emergencias, informacion }
  const { categorias, colonias } = vistasDeCatalogo(catalogo)
  return crearComprension(saber, { categorias: categoriasEnIngles(categorias, ingles.catalogo), colonias })
}
