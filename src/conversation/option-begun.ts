import type { Choosable } from './flow.ts'
import { samePhrase, wordsOf } from './words.ts'

/**
 * Which option that declines the text begins with, whatever is told after it: `no tengo fotos, me da miedo acercarme`.
 * Only whole phrases count, of two words or more and beginning with one of `noes`: a `no` alone begins corrections. Filler before
 * it is passed over: `que no tengo foto`, `ay no mijo, no sé mandar fotos`.
 */
export function optionBegun(
  text: string,
  options: readonly Choosable[],
  noes: readonly string[],
  filler: readonly string[],
): string | undefined {
  const words = wordsOf(text)
  const after = words.findIndex((word) => !filler.includes(word) && !noes.includes(word))
  const starts = words
    .slice(0, after === -1 ? undefined : after)
    .flatMap((word, at) => (noes.includes(word) ? [at] : []))
  const begins = (phrase: readonly string[]) =>
    phrase.length > 1 && starts.some((at) => samePhrase(words.slice(at, at + phrase.length), phrase))
  const begun = options.filter(({ label, words: ways = [] }) => [label, ...ways].map(wordsOf).some(begins))
  return begun.length === 1 ? begun[0]?.id : undefined
}
