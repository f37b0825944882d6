import { distance } from 'fastest-levenshtein'
import { rememberingEach, rememberingLast } from './remember.ts'
import { sound } from './sound.ts'

/** Shortest word that may be misspelt, and the misspelling allowed from there on. */
const FUZZY = [
  { letters: 8, edits: 2 },
  { letters: 5, edits: 1 },
] as const

/** Without case, accents, punctuation, emoji and repeated letters; ñ counts as n, and `don't` is `dont`. Digits stay as they are. */
export function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/(?<=n)['’](?=t\b)/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/(\p{L})\1+/gu, '$1')
    .trim()
}

/** The normalised words of a text, in order. */
export function wordsOf(text: string): string[] {
  const plain = normalise(text)
  return plain === '' ? [] : plain.split(' ')
}

/** Is `written` the word `meant`, perhaps misspelt after its first letter? Both normalised; digits and words of up to four letters only when equal. */
export function sameWord(written: string, meant: string): boolean {
  if (written === meant) return true
  const allowed = FUZZY.find(({ letters }) => meant.length >= letters)
  if (!allowed || written.length < 4 || Math.abs(written.length - meant.length) > allowed.edits) return false
  if (/\p{N}/u.test(written + meant)) return false
  // Who misspells begins right, at least by the sound; "incorrecto" is no misspelt "correcto".
  return sound(written)[0] === sound(meant)[0] && distance(written, meant) <= allowed.edits
}

/** Do the two say the same, word by word? */
export const samePhrase = (written: readonly string[], meant: readonly string[]): boolean =>
  written.length > 0 &&
  written.length === meant.length &&
  written.every((word, index) => sameWord(word, meant[index] ?? ''))

const wordsSaid = rememberingLast(wordsOf)

/**
 * Does the text say nothing but these phrases and filler? "quiero hablar con un asesor, por favor" says only
 * `hablar` and `asesor`.
 */
export function saysOnly(text: string, phrases: readonly string[], filler: readonly string[] = []): boolean {
  const bare = text.trim()
  if (phrases.includes(bare)) return true
  const words = wordsSaid(bare)
  const targets = longestFirst(phrases)
  const skipped = wordSet(filler)
  let hits = 0
  for (let at = 0; at < words.length; ) {
    const hit = targets.find((phrase) => samePhrase(words.slice(at, at + phrase.length), phrase))
    if (!hit && !skipped.has(words[at] ?? '')) return false
    hits += hit ? 1 : 0
    at += hit?.length ?? 1
  }
  return hits > 0
}

// The municipality's phrases are the same lists at every message.

/** The phrases as words; of two that begin alike the longer one is tried first. */
const longestFirst = rememberingEach((phrases: readonly string[]) =>
  phrases
    .map(wordsOf)
    .filter((phrase) => phrase.length > 0)
    .sort((a, b) => b.length - a.length),
)

const wordSet = rememberingEach((phrases: readonly string[]) => new Set(phrases.flatMap(wordsOf)))
