import { normalise, wordsOf } from '../../conversation/words.ts'
import type { ReplaySettings } from './play.ts'

/** Words that belong to nobody: how people tell of troubles, by what the settings know of it. */
export interface Vocabulary {
  words: ReadonlySet<string>
  /** Names of colonias, the longest first, normalised: kept only whole. */
  colonias: readonly string[]
}

/** Every word that the settings have for understanding, and the names of colonias. */
export function vocabularyOf(settings: ReplaySettings): Vocabulary {
  const { lexico, ejemplos, catalogo, informacion, mensajes } = settings
  const texts = [
    ...textsIn(lexico),
    ...textsIn(ejemplos),
    ...textsIn(informacion),
    ...textsIn(catalogo.palabras_globales),
    ...textsIn(catalogo.categorias.map(({ nombre, palabras, preguntas }) => [nombre, palabras, preguntas])),
    ...WORD_LISTS.flatMap((list) => [...mensajes.words(list)]),
    // Kept so that an answer stays one.
    'persona prueba algo sin numero',
  ]
  const colonias = catalogo.colonias.map(({ nombre }) => normalise(nombre))
  return {
    words: new Set(texts.flatMap((text) => wordsOf(text))),
    colonias: colonias.toSorted((one, other) => other.length - one.length),
  }
}

const WORD_LISTS = [
  'saludos',
  'gracias',
  'relleno',
  'numeros',
  'si',
  'no',
  'listo',
  'omitir',
  'igual',
  'registrar',
] as const

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => [...(Array.isArray(value) ? [] : [key]), ...textsIn(one)])
}
