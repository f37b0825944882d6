import { mkdir, writeFile } from 'node:fs/promises'
import { estudiar } from '../conversation/flows/comprension/comprension.ts'
import { DE_FABRICA, empacar } from '../conversation/flows/comprension/de-fabrica.ts'
import { leccionesDe } from '../conversation/flows/hacer-mundo.ts'
import { CONFIG_FOLDER, readSettings } from '../settings.ts'
import { vistasDeCatalogo } from '../workflow/catalogo/vistas-de-catalogo.ts'

// npm run aprender: learns the examples of config/, so that a start need not; after a change of examples, lexicon or catalogue.

const settings = await readSettings(CONFIG_FOLDER, {})
const lecciones = leccionesDe(settings, vistasDeCatalogo(settings.catalogo))
for (const { locale, file } of DE_FABRICA) {
  const { saber, catalogo } = lecciones[locale]
  const packed = empacar(estudiar(saber, catalogo.categorias))
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, packed)
  process.stdout.write(`${locale}: ${Math.round(packed.length / 1000)} kB\n`)
}
