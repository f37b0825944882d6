import { distance } from 'fastest-levenshtein'
import { sound } from '../sound.ts'

/** Different unknown words that are mended in one text; more is noise. */
const MENDED = 60
/** Letters from which a word may be misspelt, and from which by two letters. */
export const MISSPELT = { one: 4, two: 8 } as const

/** The words that are right as they are, by their sounds. */
export interface Spelling {
  readonly known: ReadonlySet<string>
  readonly stems: ReadonlySet<string>
  /** Words without their endings, in the language of the lexicon. */
  readonly stem: (sounded: string) => string
  readonly byFirst: ReadonlyMap<string, readonly string[]>
  /** Those that say nothing by themselves. */
  readonly filler: ReadonlySet<string>
}

/** What an unknown word was meant to be: a misspelling of a known one, or several written as one. */
export function understood(
  plain: string,
  vocabulary: Spelling,
  cache: Map<string, readonly string[]>,
): readonly string[] {
  const sounded = sound(plain)
  if (isKnown(sounded, vocabulary) || sounded.length < MISSPELT.one || /\d/.test(sounded)) return [sounded]
  const before = cache.get(sounded)
  if (before || cache.size >= MENDED) return before ?? [sounded]
  const meant = nearest(sounded, vocabulary)
  const found = meant === undefined ? (apart(plain, vocabulary) ?? [sounded]) : [meant]
  cache.set(sounded, found)
  return found
}

const isKnown = (sounded: string, { known, stems, stem }: Spelling): boolean =>
  known.has(sounded) || stems.has(stem(sounded))

function nearest(sounded: string, { byFirst }: Spelling): string | undefined {
  const allowed = sounded.length >= MISSPELT.two ? 2 : 1
  let best: string | undefined
  let least = allowed + 1
  for (const word of byFirst.get(sounded[0] ?? '') ?? []) {
    if (Math.abs(word.length - sounded.length) >= least) continue
    const edits = distance(word, sounded)
    if (edits < least) {
      best = word
      least = edits
    }
  }
  return best
}

/** `nohayluz` is three words. */
function apart(plain: string, vocabulary: Spelling): string[] | undefined {
  for (let cut = 2; cut <= plain.length - 3; cut++) {
    const first = sound(plain.slice(0, cut))
    const rest = sound(plain.slice(cut))
    const joins = cut > 2 || first === 'no' || vocabulary.filler.has(first)
    if (!joins || !vocabulary.known.has(first)) continue
    if (vocabulary.known.has(rest)) return [first, rest]
    const more = vocabulary.filler.has(first) || first === 'no' ? apart(plain.slice(cut), vocabulary) : undefined
    if (more) return [first, ...more]
  }
  return undefined
}
