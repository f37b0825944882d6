import type { Locale } from '../../conversation/state.ts'
import { type YamlText, yamlTexts } from '../../runtime/yaml-texts.ts'
import type { Requisito } from '../catalogo/catalogo.ts'
import { type LongestFrom, lengthFault, longestValues, type Values } from './longest.ts'
import { toneFaults } from './tone.ts'

/** Something in a file of config/ that citizens should not read so. */
export interface Finding {
  file: string
  line: number
  /** Where, by its keys: `registrado.folio`. */
  where: string
  /** What was expected, without the final stop. */
  what: string
}

/** A file of config/ as it lies there. */
export interface ConfigFile {
  name: string
  source: string
}

/** Which texts of a file citizens read, and in which language; `short` those that are one message, `fills` those with placeholders. */
interface Reading {
  file: RegExp
  locale: Locale
  reads: (path: readonly (string | number)[]) => boolean
  short: boolean
  fills?: true
}

const last = (path: readonly (string | number)[]) => path.at(-1)
const ofCatalogue = (path: readonly (string | number)[]): boolean =>
  ['aviso', 'orientacion', 'ayuda'].includes(String(last(path))) || (path.includes('preguntas') && path.at(-1) !== 'id')

const READINGS: readonly Reading[] = [
  {
    file: /^mensajes\.es\.yaml$/,
    locale: 'es',
    reads: (path) => path[0] !== 'palabras' && last(path) !== 'titulo',
    short: true,
    fills: true,
  },
  { file: /^mensajes\.en\.yaml$/, locale: 'en', reads: (path) => path[0] !== 'palabras', short: true, fills: true },
  { file: /^catalogo\.yaml$/, locale: 'es', reads: ofCatalogue, short: true },
  { file: /^informacion\.yaml$/, locale: 'es', reads: (path) => last(path) === 'respuesta', short: true },
  { file: /^aviso-de-privacidad\.yaml$/, locale: 'es', reads: () => true, short: false },
]

/**
 * What is wrong with the texts that citizens read: how they speak to a person, and how long they are with the longest values that
 * the catalogue and the town's settings have for their placeholders. That they are all there, and their placeholders right, was
 * checked when the files were read.
 */
export function checkTexts(files: readonly ConfigFile[], from: LongestFrom): Finding[] {
  return files.flatMap(({ name, source }) => {
    const reading = READINGS.find(({ file }) => file.test(name.split('/').at(-1) ?? ''))
    if (!reading) return []
    const { locale, reads, short, fills } = reading
    const values = fills
      ? longestValues({ ...from, mensajes: locale === 'es' ? from.mensajes : from.mensajes.in(locale) })
      : {}
    return yamlTexts(source)
      .filter(({ path }) => reads(path))
      .flatMap((text) => {
        const cases = fills ? casesOf(text, values, from) : [{}]
        const long = short
          ? cases.map((one) => lengthFault(text.text, one)).find((fault) => fault !== undefined)
          : undefined
        const faults = [...toneFaults(text.text, locale), ...(long === undefined ? [] : [long])]
        return faults.map((what) => ({ file: name, line: text.line, where: text.path.join('.'), what }))
      })
  })
}

/** What a text may be filled with: mostly the longest of each, or one by one what belongs together. */
function casesOf({ path }: YamlText, values: Values, { catalogo }: LongestFrom): Values[] {
  const requisitos = catalogo.categorias.map((one) => one.requisitos)
  const key = path.join('.')
  if (key.startsWith('registrar.requisito_'))
    return requisitos.flat().map((one) => ({ ...values, ...ofRequisito(one) }))
  if (key === 'registrar.pregunta_opcional')
    return catalogo.categorias.flatMap(({ preguntas }) =>
      preguntas.map(({ texto }) => ({ ...values, pregunta: texto })),
    )
  const lists = requisitos.map((some) => ({ ...values, lista: some.map(({ nombre }) => nombre).join(', ') }))
  return [values, ...lists]
}

const ofRequisito = ({ nombre, ayuda = '' }: Requisito) => ({ nombre, ayuda })
