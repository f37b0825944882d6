import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { estudiar } from '../../../src/conversation/flows/comprension/comprension.ts'
import { DE_FABRICA, deFabrica, desempacar, empacar } from '../../../src/conversation/flows/comprension/de-fabrica.ts'
import { leccionesDe } from '../../../src/conversation/flows/hacer-mundo.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { vistasDeCatalogo } from '../../../src/workflow/catalogo/vistas-de-catalogo.ts'

const settings = await readSettings(CONFIG_FOLDER, {})
const lecciones = leccionesDe(settings, vistasDeCatalogo(settings.catalogo))

describe('what was learnt before it was shipped', () => {
  // When this fails, the examples, the lexicon, the catalogue or the learning changed: `npm run aprender`.
  test.each(DE_FABRICA)('is what the examples of config/ teach ($locale)', async ({ locale, file }) => {
    const { saber, catalogo } = lecciones[locale]
    const learnt = estudiar(saber, catalogo.categorias)
    expect(desempacar(await readFile(file))).toEqual(learnt)
    expect(desempacar(empacar(learnt))).toEqual(learnt)
    expect(deFabrica(learnt.huella)).toEqual(learnt.aprendido)
  })

  test('is not taken for what other examples teach', () => {
    const { saber, catalogo } = lecciones.en
    const more = { ...saber, examples: { ...saber.examples, BACHEO: ['the road is a mess'] } }
    const { huella, aprendido } = estudiar(more, catalogo.categorias)
    expect(deFabrica(huella)).toBeUndefined()
    expect(aprendido.asuntos).not.toEqual(deFabrica(estudiar(saber, catalogo.categorias).huella)?.asuntos)
  })
})
