import type { Lexicon } from '../../understanding/lexicon.ts'
import { findAll, type Match, patternsOf, placesOf } from '../../understanding/patterns.ts'
import type { Reader, Word } from '../../understanding/reader.ts'

/** Foreign words among those of a fear: `miedo [que] me haga algo [el] vecino`. */
const LOOKING = { slack: 2, ordered: true } as const

/** Of `me da miedo` and `tengo mucho miedo` so many words before it say nothing either. */
const SE_DICE = /^(?:miedo|temor|afraid)\b/
const ANTES = 2

/** Where somebody says that they are not to be known. */
export type Temores = (words: readonly Word[]) => readonly Match[]

/** Prepares the phrases by which people say that they do not want to be known, or fear it. */
export function prepararTemor({ anonimato, temor }: Lexicon, reader: Reader): Temores {
  const patterns = patternsOf(reader, 'temor', [...anonimato, ...temor], 'all')
  return (words) => {
    const places = placesOf(words)
    return patterns.flatMap((one) => findAll(one, places, LOOKING))
  }
}

/** Makes it say nothing of a subject: of `me da miedo que me haga algo el vecino` no street is dark. */
export function sinTemor(words: readonly Word[], temores: readonly Match[]): readonly Word[] {
  if (temores.length === 0) return words
  const dentro = (at: number) =>
    temores.some(({ from, to, pattern }) => from - (SE_DICE.test(pattern.phrase) ? ANTES : 0) <= at && at < to)
  return words.map((word, at) => (dentro(at) ? { ...word, key: '', filler: true } : word))
}
