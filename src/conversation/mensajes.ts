import { join } from 'node:path'
import { z } from 'zod'
import { readYaml } from '../runtime/yaml-config.ts'
import { TEXTOS } from './flows/textos.ts'
import { WORD_LISTS } from './flows/word-lists.ts'
import type { Locale } from './state.ts'
import { type TextosDeRedes, textosDeRedesSchema } from './textos-de-redes.ts'

type Sections = typeof TEXTOS
type Section = keyof Sections

/** `section.name` of a text, as in `registrado.folio`. */
export type TextKey = { [S in Section]: `${S}.${keyof Sections[S] & string}` }[Section]

type Declared<K extends TextKey> = K extends `${infer S extends Section}.${infer N}`
  ? N extends keyof Sections[S]
    ? Sections[S][N] extends readonly string[]
      ? Sections[S][N][number]
      : never
    : never
  : never

type Bare<P> = P extends `${infer N}!` ? N : P

/** Names of the placeholders of a text. */
export type Placeholder<K extends TextKey> = Bare<Declared<K>> & string

/** What fills the placeholders of a text: no argument when it has none. */
export type Fill<K extends TextKey> = [Placeholder<K>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholder<K>, string | number>>]

/** Name of a list of words in the citizen's language. */
export type WordList = (typeof WORD_LISTS)[number]

/** What citizens read, in one language. */
export interface Mensajes {
  locale: Locale
  /** The same in another language. */
  in(locale: Locale): Mensajes
  /** What the catalogue calls so in Spanish (a subject, say), in this language; as it is where nobody translated it. */
  named(spanish: string): string
  /** The text with its placeholders filled; a line that an empty value leaves empty is dropped. */
  text<K extends TextKey>(key: K, ...fill: Fill<K>): string
  words(list: WordList): readonly string[]
  /** What Comunicación Social answers with on the town's pages. */
  redes: TextosDeRedes
  /** Said when a message could not be processed and a person takes over. */
  disculpa: string
}

/** The most a text of config/mensajes.*.yaml may hold. */
export const LONGEST = { characters: 300, lines: 3 } as const

/** `{name}`, or `{name|one|many}`: which word goes with that number. */
export const PLACEHOLDER = /\{(\w*)(?:\|([^{}|]*)\|([^{}|]*))?\}/g

/** What the catalogue names in Spanish, by those names, in English. */
export type Names = ReadonlyMap<string, string>

/**
 * Reads mensajes.es.yaml and mensajes.en.yaml in the folder `dir`; gives the Spanish ones, which know the others.
 * @throws {StartupProblem} naming file and line of every text that is missing, unknown, too long, or whose placeholders are wrong.
 */
export async function loadMensajes(dir: string, names: Names = new Map()): Promise<Mensajes> {
  const { redes, ...spanish } = await readYaml(join(dir, 'mensajes.es.yaml'), mensajesSchema)
  const english = await readYaml(join(dir, 'mensajes.en.yaml'), mensajesEnSchema)
  const es = mensajesOf('es', spanish, redes)
  const en = mensajesOf('en', english, redes)
  const reservada = 'titulo.reservada'
  const known = new Map([...names, [es.text(reservada), en.text(reservada)]])
  const languages: Readonly<Record<Locale, Mensajes>> = {
    es: { ...es, in: (locale) => languages[locale], named: (spanish) => spanish },
    en: { ...en, in: (locale) => languages[locale], named: (spanish) => known.get(spanish) ?? spanish },
  }
  return languages.es
}

function mensajesOf(
  locale: Locale,
  { palabras, ...sections }: z.output<typeof mensajesEnSchema>,
  redes: TextosDeRedes,
): Omit<Mensajes, 'in' | 'named'> {
  const texts = new Map(
    Object.entries(sections).flatMap(([section, named]) =>
      Object.entries(named).map(([name, text]): [string, string] => [`${section}.${name}`, text]),
    ),
  )
  const read = (key: TextKey) => {
    const text = texts.get(key)
    if (text === undefined) throw new Error(`there is no text ${key}`)
    return text
  }
  return {
    locale,
    text: (key, ...[values]) => fillIn(read(key), values ?? {}),
    words: (list) => palabras[list],
    redes,
    disculpa: read('general.disculpa'),
  }
}

function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  const lines = text.split('\n').flatMap((line) => {
    const filled = line
      .replace(PLACEHOLDER, (_, name: string, one?: string, many?: string) =>
        one === undefined ? String(values[name] ?? '') : ((values[name] === 1 ? one : many) ?? ''),
      )
      .trim()
    return filled === '' && line !== '' ? [] : [filled]
  })
  return lines.join('\n')
}

function textSchema(placeholders: readonly string[]) {
  const known = placeholders.map((one) => one.replace('!', ''))
  const needed = placeholders.filter((one) => one.endsWith('!')).map((one) => one.slice(0, -1))
  const offer = known.length === 0 ? 'it has none' : `it may use ${known.map((one) => `{${one}}`).join(', ')}`
  return z
    .string()
    .trim()
    .min(1)
    .superRefine((text, context) => {
      const used = [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '')
      const complain = (message: string) => context.addIssue({ code: 'custom', message })
      for (const name of used.filter((one) => !known.includes(one)))
        complain(`expected no {${name}} in this text; ${offer}`)
      for (const name of needed.filter((one) => !used.includes(one)))
        complain(`expected {${name}} somewhere in this text`)
      if (text.length > LONGEST.characters) complain(`expected text of at most ${LONGEST.characters} characters`)
      if (text.split('\n').length > LONGEST.lines) complain(`expected text of at most ${LONGEST.lines} lines`)
    })
}

function mapValues<K extends string, V, W>(record: Readonly<Record<K, V>>, change: (value: V) => W): Record<K, W> {
  const keys = Object.keys(record) as K[]
  return Object.fromEntries(keys.map((key) => [key, change(record[key])])) as Record<K, W>
}

const sectionSchema = (section: Readonly<Record<string, readonly string[]>>) =>
  z.strictObject(mapValues(section, textSchema))

const wordsSchema = z.array(z.string().trim().min(1)).min(1)

/** What config/mensajes.en.yaml must hold: every text of `TEXTOS` by section, and the lists of words under `palabras`. */
const mensajesEnSchema = z.strictObject({
  ...mapValues(TEXTOS, sectionSchema),
  palabras: z.strictObject({
    ...mapValues(
      Object.fromEntries(WORD_LISTS.map((list) => [list, list])) as Record<WordList, string>,
      () => wordsSchema,
    ),
  }),
})

/** What config/mensajes.es.yaml must hold: the same, and what the staff answers with on the town's pages. */
const mensajesSchema = mensajesEnSchema.extend({ redes: textosDeRedesSchema })
