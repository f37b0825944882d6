import { distance } from 'fastest-levenshtein'
import { soundsOf, stem } from './sound.ts'

/** Something that is spoken of by any of its phrases. */
export interface Topic {
  id: string
  phrases: readonly string[]
}

/** How strictly phrases are looked for. */
export interface Reading {
  /** Words that say nothing, passed over in phrases and texts. */
  skip?: readonly string[]
  /** Foreign words that may stand between two words of a phrase. */
  gap: number
  /** Letters from which a word may be misspelt by one, and by two from three letters more. */
  misspelt: number
}

/** A phrase found in a text; `from` and `to` (exclusive) count its words without those passed over. */
export interface Found {
  topic: string
  phrase: string
  words: readonly string[]
  from: number
  to: number
}

/** Phrases prepared for looking up. */
export interface Phrases {
  readonly reading: Reading
  readonly skip: ReadonlySet<string>
  readonly byFirst: ReadonlyMap<string, readonly Prepared[]>
  /** Each known word by its stem, as it sounds in full. */
  readonly known: ReadonlyMap<string, string>
  /** In how many topics a word occurs. */
  readonly topicsWith: ReadonlyMap<string, number>
  readonly topics: number
}

interface Prepared {
  topic: string
  phrase: string
  words: string[]
}

/** Prepares the phrases of some topics; costs about a millisecond for a thousand of them. */
export function preparePhrases(topics: readonly Topic[], reading: Reading): Phrases {
  const skip = new Set((reading.skip ?? []).flatMap(soundsOf))
  const known = new Map<string, string>()
  const prepared = topics.flatMap(({ id, phrases }) =>
    phrases.flatMap((phrase) => {
      const sounds = soundsOf(phrase).filter((word) => !skip.has(word))
      for (const word of sounds) known.set(stem(word), word)
      return sounds.length === 0 ? [] : [{ topic: id, phrase, words: sounds.map(stem) }]
    }),
  )
  const topicsWith = new Map<string, Set<string>>()
  for (const { topic, words } of prepared)
    for (const word of words) topicsWith.set(word, (topicsWith.get(word) ?? new Set()).add(topic))
  return {
    reading,
    skip,
    known,
    byFirst: Map.groupBy(prepared, ({ words }) => words[0] ?? ''),
    topicsWith: new Map([...topicsWith].map(([word, ids]) => [word, ids.size])),
    topics: topics.length,
  }
}

/** The words of a text as the phrases know them: stems, with misspellings of known words mended. */
export function readWords(text: string, { known, skip, reading }: Phrases): string[] {
  return soundsOf(text)
    .filter((word) => !skip.has(word))
    .map((word) => (known.has(stem(word)) ? stem(word) : (mended(word, known, reading.misspelt) ?? stem(word))))
}

function mended(word: string, known: ReadonlyMap<string, string>, misspelt: number): string | undefined {
  if (word.length < misspelt - 1 || /\d/.test(word)) return undefined
  for (const [key, meant] of known) {
    if (meant.length < misspelt || meant[0] !== word[0]) continue
    const allowed = meant.length >= misspelt + 3 ? 2 : 1
    if (Math.abs(meant.length - word.length) <= allowed && distance(word, meant) <= allowed) return key
  }
  return undefined
}

/** Every phrase that the words hold, longest first; one within a longer one is left out. */
export function findPhrases(words: readonly string[], phrases: Phrases): Found[] {
  const all = words.flatMap((word, at) =>
    (phrases.byFirst.get(word) ?? []).flatMap((candidate) => {
      const to = endOf(candidate.words, words, at, phrases.reading.gap)
      return to === undefined ? [] : [{ ...candidate, from: at, to }]
    }),
  )
  const longest = all.sort((a, b) => b.words.length - a.words.length || a.to - a.from - (b.to - b.from))
  return longest.filter(
    (one, index) =>
      !longest.slice(0, index).some((longer) => longer.words.length > one.words.length && covers(longer, one)),
  )
}

const covers = (outer: Found, inner: Found): boolean => outer.from <= inner.from && inner.to <= outer.to

/** Where a phrase that begins at `at` ends, with at most `gap` foreign words between two of its own. */
function endOf(phrase: readonly string[], words: readonly string[], at: number, gap: number): number | undefined {
  let next = at + 1
  for (const word of phrase.slice(1)) {
    const found = words.slice(next, next + gap + 1).indexOf(word)
    if (found === -1) return undefined
    next += found + 1
  }
  return next
}
