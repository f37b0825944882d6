import type { Lexicon } from '../../understanding/lexicon.ts'
import { findAll, patternsOf, placesOf } from '../../understanding/patterns.ts'
import type { Reader, Word } from '../../understanding/reader.ts'

/** So many words after "no es" are what it is not. */
const ALCANCE = 5

/** Makes what is denied say nothing: of "no es bache, es una fuga" only the leak is left. */
export function prepararNegacion(lexicon: Lexicon, reader: Reader): (words: readonly Word[]) => readonly Word[] {
  const { frases, hasta, salvo } = lexicon.negacion
  const negaciones = patternsOf(reader, 'no', frases, 'all')
  const sounds = (list: readonly string[]) => new Set(list.flatMap((one) => reader.read(one).map(({ sound }) => sound)))
  const [fin, nunca] = [sounds(hasta), sounds(salvo)]
  const denegadas = (words: readonly Word[], from: number): number[] => {
    const sentence = words[from - 1]?.sentence
    const end = words.findIndex(
      (word, at) => at >= from && (word.sentence !== sentence || (at > from && fin.has(word.sound))),
    )
    const to = Math.min(end === -1 ? words.length : end, from + ALCANCE)
    return Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset)
  }
  return (words) => {
    const places = placesOf(words)
    const found = negaciones.flatMap((one) => findAll(one, places, { slack: 0, ordered: true }))
    const starts = found.map(({ to }) => to).filter((to) => !nunca.has(words[to]?.sound ?? ''))
    const denied = new Set(starts.flatMap((from) => denegadas(words, from)))
    if (denied.size === 0) return words
    return words.map((word, at) => (denied.has(at) ? { ...word, key: '', filler: true } : word))
  }
}
