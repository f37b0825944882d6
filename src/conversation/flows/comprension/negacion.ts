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
  return (words) => {
    const places = placesOf(words)
    const denied = new Set<number>()
    for (const pattern of negaciones) {
      for (const { to } of findAll(pattern, places, { slack: 0, ordered: true })) {
        if (nunca.has(words[to]?.sound ?? '')) continue
        const sentence = words[to - 1]?.sentence
        for (let at = to; at < to + ALCANCE; at++) {
          const word = words[at]
          if (!word || word.sentence !== sentence || (at > to && fin.has(word.sound))) break
          denied.add(at)
        }
      }
    }
    return denied.size === 0
      ? words
      : words.map((word, at) => (denied.has(at) ? { ...word, key: '', filler: true } : word))
  }
}
