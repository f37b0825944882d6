import type { PhraseWord, Reader, Word } from './reader.ts'

/** A phrase prepared for looking up; `owner` is whatever it speaks of. */
export interface Pattern {
  owner: string
  /** As the file has it. */
  phrase: string
  words: readonly PhraseWord[]
  /** Under what its words stand among the places of a text. */
  keys: readonly string[]
}

/** A pattern found among words; `from` and `to` (exclusive) are places in their list. */
export interface Match {
  pattern: Pattern
  from: number
  to: number
  at: readonly number[]
}

/** How a pattern is looked for. */
export interface Looking {
  /** Foreign words that may stand among its own. */
  slack: number
  /** Must its words come in their order? */
  ordered: boolean
}

/** The words of a text by key and by sound. */
export type Places = ReadonlyMap<string, readonly number[]>

/** Prepares phrases of one owner; `all` keeps the words that say nothing by themselves. */
export const patternsOf = (reader: Reader, owner: string, phrases: readonly string[], all?: 'all'): Pattern[] =>
  phrases.flatMap((phrase) => {
    const words = reader.keys(phrase, all)
    const keys = words.map(({ key, exact }) => (exact ? `=${key}` : key))
    return words.length > 0 ? [{ owner, phrase: phrase.replaceAll('=', ''), words, keys }] : []
  })

/** Where each word stands; sounds begin with `=`, classes stand between `<` and `>`. */
export function placesOf(words: readonly Word[]): Places {
  const places = new Map<string, number[]>()
  const add = (key: string, at: number) => {
    const known = places.get(key)
    if (known) known.push(at)
    else places.set(key, [at])
  }
  for (const [at, { key, sound, classes }] of words.entries()) {
    if (key !== '') add(key, at)
    for (const name of classes) add(`<${name}>`, at)
    add(`=${sound}`, at)
  }
  return places
}

const NOWHERE: readonly Match[] = []

/** Every place in which a pattern is found; one for each occurrence of its rarest word. */
export function findAll(pattern: Pattern, places: Places, looking: Looking): readonly Match[] {
  for (const key of pattern.keys) if (!places.has(key)) return NOWHERE
  const lists = pattern.keys.map((key) => places.get(key) ?? [])
  const rarest = lists.reduce((best, list, at) => (list.length < (lists[best]?.length ?? 0) ? at : best), 0)
  return (lists[rarest] ?? []).slice(0, OCCURRENCES).flatMap((anchor) => {
    const at = looking.ordered ? inOrder(lists, rarest, anchor) : nearestTo(lists, rarest, anchor)
    if (!at) return []
    const from = Math.min(...at)
    const to = Math.max(...at) + 1
    return to - from <= pattern.words.length + looking.slack ? [{ pattern, from, to, at }] : []
  })
}

/** A word said a thousand times is looked at so often. */
const OCCURRENCES = 12

/** The first place of any of these patterns, in the order of the patterns. */
export function findFirst(patterns: readonly Pattern[], places: Places, looking: Looking): Match | undefined {
  for (const pattern of patterns) {
    const [found] = findAll(pattern, places, looking)
    if (found) return found
  }
  return undefined
}

function nearestTo(lists: readonly (readonly number[])[], rarest: number, anchor: number): number[] | undefined {
  const taken = new Set([anchor])
  const at: number[] = []
  for (const [index, list] of lists.entries()) {
    const place = index === rarest ? anchor : closest(list, anchor, taken)
    if (place === undefined) return undefined
    taken.add(place)
    at.push(place)
  }
  return at
}

function closest(list: readonly number[], anchor: number, taken: ReadonlySet<number>): number | undefined {
  let best: number | undefined
  for (const place of list)
    if (!taken.has(place) && (best === undefined || Math.abs(place - anchor) < Math.abs(best - anchor))) best = place
  return best
}

function inOrder(lists: readonly (readonly number[])[], rarest: number, anchor: number): number[] | undefined {
  const at = new Array<number>(lists.length).fill(anchor)
  for (let index = rarest + 1; index < lists.length; index++) {
    const place = lists[index]?.find((one) => one > (at[index - 1] ?? 0))
    if (place === undefined) return undefined
    at[index] = place
  }
  for (let index = rarest - 1; index >= 0; index--) {
    const place = lists[index]?.findLast((one) => one < (at[index + 1] ?? 0))
    if (place === undefined) return undefined
    at[index] = place
  }
  return at
}
