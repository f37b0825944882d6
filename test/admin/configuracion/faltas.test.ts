import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { enEspanol, faltasDe } from '../../../src/admin/configuracion/faltas.ts'
import { createPalabras } from '../../../src/admin/palabras.ts'

/** Where the sentences are written that a page of the configuration may show. */
const CHECKS = [
  'src/workflow/catalogo/*.ts',
  'src/workflow/config-check/*.ts',
  'src/workflow/flow-map/explore.ts',
  'src/conversation/{mensajes,textos-de-redes}.ts',
  'src/conversation/understanding/lexicon.ts',
  'src/conversation/flows/{idioma/ingles,limites/limites}.ts',
  'src/runtime/yaml-*.ts',
  'src/portal/aviso-de-privacidad.ts',
]

/** A literal that is such a sentence, as far as it is one; what is filled in stands for `7`, or for the other part of its sentence. */
const SENTENCE =
  /(['`])((?:expected|missing|unknown key|only a|a tab|this key|the indentation|a second|its aliases|this is not|more than|no answer|the menu|nothing is|something is)(?:(?!\1)[^\\])*)\1/g

const COMMENT = /^\s*(?:\/?\*|\/\/).*$/gm

const EXPANDED: Readonly<Record<string, readonly string[]>> = {
  'expected ${FORMATS[issue.format] ?? issue.format}': ['expected a web address', 'expected an e-mail address'],
  'missing; expected ${wanted}': ['missing; expected a whole number'],
  'expected ${wanted}, found ${kindOf(input)}': [
    'expected a list, found text',
    'expected a whole number, found a number with decimals',
  ],
  'expected ${options[0]}': [],
  'expected text of ${limit} characters': [
    'expected text of at least 1 characters',
    'expected text of at most 7 characters',
  ],
  'expected a list of ${limit} entries': [
    'expected a list of at least 1 entries',
    'expected a list of at most 7 entries',
  ],
  'expected a number of ${limit}': ['expected a number of at least -90', 'expected a number of at most 365'],
  'expected at most ${LONGEST.characters} characters${filling}, found ${filled.length}': [
    'expected at most 300 characters, found 310',
    'expected at most 300 characters once filled (with the longest responsable, enlace there is), found 323',
  ],
  'expected a ${key} that no entry above has': ['expected a codigo that no entry above has'],
}

const sentences = globSync(CHECKS)
  .flatMap((file) =>
    [...readFileSync(file, 'utf8').replaceAll(COMMENT, '').matchAll(SENTENCE)].map((match) => match[2] ?? ''),
  )
  .flatMap((one) => EXPANDED[one] ?? [one.replaceAll(/\$\{[^}]*\}\}?/g, (hole) => (hole.endsWith('}}') ? '7}' : '7'))])
  .map((one) => (/^(?:the menu|nothing is|something is)/.test(one) ? `after «hola» ${one}` : one))

describe('what a check of the configuration found', () => {
  it('is looked for in every check', () => expect(sentences.length).toBeGreaterThan(60))

  it.each([...new Set(sentences)])('%s: is said in Spanish', (sentence) => {
    const { que, haga, conocida } = enEspanol(sentence)
    expect(conocida).toBe(true)
    expect(`${que} ${haga}`).not.toMatch(/\b(?:expected|missing|unknown|found|characters|the|with)\b/)
  })

  it('names the document, the entry and the field as the pages do', () => {
    const palabras = createPalabras('America/Mexico_City', () => new Date())
    const documentos = {
      catalogo: 'categorias:\n  - { codigo: BACHEO, nombre: Bache, datos: { nombre: requerido } }\n',
    }
    const problema = [
      'config/catalogo.yaml:2:9 categorias.0.plazo_dias: expected a number of at most 365.',
      'config/catalogo.yaml:2 categorias.0.datos.nombre: expected opcional or no, because the category is anonima.',
      'config/mensajes.es.yaml:5 general.seguimos: expected *usted*, and "Tú" says *tú*.',
      'menu/opcion: after «hola» nothing is answered',
      'config/catalogo.yaml:9:1 something that nobody knows',
    ].join('\n')
    expect(faltasDe(problema, documentos, palabras).map(({ donde, que }) => `${donde}: ${que}`)).toEqual([
      'Catálogo · Asunto: Bache · Plazo en días hábiles · renglón 2: El número es demasiado grande.',
      'Catálogo · Asunto: Bache · Pide el nombre · renglón 2: Este asunto se puede reportar sin dar el nombre, así que este dato no puede ser obligatorio.',
      'Textos · general.seguimos · renglón 5: «Tú» le habla de tú a la persona.',
      'Conversación · menu/opcion: A quien escribe «hola» no se le contesta nada.',
      'Catálogo · renglón 9: Aquí hay algo que el programa no puede usar.',
    ])
    expect(faltasDe('', documentos, palabras)).toEqual([])
  })
})
