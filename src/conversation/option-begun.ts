import type { Choosable } from './flow.ts'
import { samePhrase, wordsOf } from './words.ts'

/**
 * Which option that declines the text begins with, whatever is told after it: `no tengo fotos, me da miedo acercarme`.
 * Only whole phrases count, of two words or more and beginning with one of `noes`: a `no` alone begins corrections. Filler before
 * it is passed over: `que no tengo foto`.
 */
export function optionBegun(
  text: string,
  options: readonly Choosable[],
  noes: readonly string[],
  filler: readonly string[],
): string | undefined {
  const all = wordsOf(text)
  const words = all.slice(all.findIndex((word) => !filler.includes(word)))
  if (!noes.includes(words[0] ?? '')) return undefined
  const begins = (phrase: readonly string[]) => phrase.length > 1 && samePhrase(words.slice(0, phrase.length), phrase)
  const begun = options.filter(({ label, words: ways = [] }) => [label, ...ways].map(wordsOf).some(begins))
  return begun.length === 1 ? begun[0]?.id : undefined
}
