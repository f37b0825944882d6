import { expect, test } from 'vitest'
import { aprenderAparte } from '../../src/configuracion/aprender.ts'
import { estudiar, sabida } from '../../src/conversation/flows/comprension/comprension.ts'
import { deFabrica } from '../../src/conversation/flows/comprension/de-fabrica.ts'
import { leccionesDe } from '../../src/conversation/flows/hacer-mundo.ts'
import { CONFIG_FOLDER, readSettings, type Settings } from '../../src/settings.ts'
import { vistasDeCatalogo } from '../../src/workflow/catalogo/vistas-de-catalogo.ts'

const shipped = await readSettings(CONFIG_FOLDER, {})
const withExamples = (BACHEO: string[]): Settings => ({
  ...shipped,
  ingles: { ...shipped.ingles, ejemplos: { ...shipped.ingles.ejemplos, BACHEO } },
})
const inEnglish = (settings: Settings) => {
  const { saber, catalogo } = leccionesDe(settings, vistasDeCatalogo(settings.catalogo)).en
  return [saber, catalogo.categorias] as const
}

test('another thread learns what this one would, and what is known is not learnt again', async () => {
  const settings = withExamples(['the road is a mess', 'my tire fell into a hole'])
  const lesson = inEnglish(settings)
  expect(sabida(...inEnglish(shipped))).toBe(true)
  expect(sabida(...lesson)).toBe(false)
  await aprenderAparte(settings)
  expect(sabida(...lesson)).toBe(true)
  const { huella, aprendido } = estudiar(...lesson)
  expect(deFabrica(huella)).toEqual(aprendido)
})

test('a thread that fails is told of', async () => {
  const notCloneable = Object.assign(() => undefined, ['the road is a mess']) as unknown as string[]
  await expect(aprenderAparte(withExamples(notCloneable))).rejects.toThrow()
})
