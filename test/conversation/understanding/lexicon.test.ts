import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { examplesSchema, lexiconSchema } from '../../../src/conversation/understanding/lexicon.ts'
import { parseYaml } from '../../../src/runtime/yaml-config.ts'
import { readCatalogo } from '../../shipped-config.ts'

const topics = (await readCatalogo()).categorias.map(({ codigo }) => codigo)
const lexico = await readFile('config/lexico.yaml', 'utf8')
const read = (text: string) => parseYaml(text, 'lexico.yaml', lexiconSchema(topics))

describe('a mistake in how people write is told with its line', () => {
  test.each([
    ['a category that does not exist', ['asunto: FUERA_VECINO', 'asunto: VECINO'], /lexico\.yaml:\d+.*VECINO is none/],
    ['a class that does not exist', ['se quema <persona>', 'se quema <gente>'], /lexico\.yaml:\d+.*<gente> is none/],
    ['a kind of danger that does not exist', ['tipo: estado', 'tipo: luego'], /lexico\.yaml:\d+.*tipo/],
  ])('%s', (_, [from = '', to = ''], complaint) => {
    expect(() => read(lexico)).not.toThrow()
    expect(() => read(lexico.replace(from, to))).toThrow(complaint)
  })

  test('an example of no category', () => {
    const parse = () => parseYaml('BACHES: |\n  hay un bache\n', 'ejemplos.yaml', examplesSchema(topics))
    expect(parse).toThrow(/BACHES is none/)
  })
})
