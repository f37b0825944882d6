import { featuresOf } from './features.ts'
import type { Examples } from './lexicon.ts'
import { type Pattern, patternsOf } from './patterns.ts'
import type { Reader, Word } from './reader.ts'
import { learnWeights, type Weights } from './regression.ts'

/** Something that is spoken of by its name and phrases, and told of as in its examples. */
export interface Topic {
  id: string
  name: string
  phrases: readonly string[]
}

/** What was learnt of topics from their names, phrases and examples. */
export interface Model {
  /** By feature: the evidence for each topic, in the topics' order. */
  readonly evidence: ReadonlyMap<string, Float64Array>
  /** How much each feature makes a text like those of each topic. */
  readonly weights: Weights
  readonly patterns: readonly Pattern[]
  readonly rarity: (key: string) => number
  readonly topics: readonly Topic[]
  readonly places: ReadonlyMap<string, number>
}

/** Words apart (those that say nothing not counted) up to which two make a pair. */
const PAIRED = 3
/** How many messages of any topic stand in for those never seen, and how often each has a word by chance. */
const PRIOR = { messages: 2.5, chance: 0.003 } as const
/** The worth of a phrase of the catalogue beside that of an example. */
const PHRASE_AS_EXAMPLE = 0.4
/** How far an example changes what regression believes. */
const RATE = 0.3
/** Learns it; a second of work for a catalogue. */
export function learnModel(topics: readonly Topic[], examples: Examples, reader: Reader): Model {
  const known = topics.flatMap(({ id, name, phrases }, label): Known[] => [
    ...[name, ...phrases].map((text) => ({ words: reader.read(text), label, worth: PHRASE_AS_EXAMPLE })),
    ...(examples[id] ?? []).map((text) => ({ words: reader.read(text), label, worth: 1 })),
  ])
  function* samples() {
    for (const { words, label, worth } of known)
      yield { features: featuresOf(words).map(({ name }) => name), label, worth }
  }
  const patterns = topics.flatMap(({ id, name, phrases }) => patternsOf(reader, id, [name, ...phrases]))
  return {
    evidence: countEvidence(known, topics.length),
    weights: learnWeights(samples(), topics.length, RATE),
    patterns,
    rarity: rarityIn(patterns),
    topics,
    places: new Map(topics.map(({ id }, at) => [id, at])),
  }
}

interface Known {
  words: readonly Word[]
  label: number
  worth: number
}

function countEvidence(known: readonly Known[], topics: number): Map<string, Float64Array> {
  const counts = new Map<string, Float64Array>()
  const sizes = new Float64Array(topics)
  for (const { words, label, worth } of known) {
    sizes[label] = (sizes[label] ?? 0) + worth
    for (const { feature } of wordsAndPairs(words)) {
      const row = counts.get(feature) ?? new Float64Array(topics)
      row[label] = (row[label] ?? 0) + worth
      counts.set(feature, row)
    }
  }
  return new Map([...counts].map(([feature, row]) => [feature, evidenceOf(row, sizes)]))
}

/** How much likelier each topic makes a feature than topics do on the whole. */
function evidenceOf(row: Float64Array, sizes: Float64Array): Float64Array {
  const rates = row.map((count, topic) => count / ((sizes[topic] ?? 0) + PRIOR.messages))
  const any = rates.reduce((sum, rate) => sum + rate, 0) / rates.length + PRIOR.chance
  return row.map((count, topic) =>
    Math.log((count + PRIOR.messages * any) / ((sizes[topic] ?? 0) + PRIOR.messages) / any),
  )
}

function rarityIn(patterns: readonly Pattern[]): (key: string) => number {
  const owners = new Map<string, Set<string>>()
  for (const { owner, words } of patterns)
    for (const { key } of words) owners.set(key, (owners.get(key) ?? new Set()).add(owner))
  const all = new Set(patterns.map(({ owner }) => owner)).size
  return (key) => Math.log((all + 1) / (1 + (owners.get(key)?.size ?? all)))
}

/** Words, and pairs of words near each other in whatever order. */
export function wordsAndPairs(words: readonly Word[]): { feature: string; at: readonly number[]; pair: boolean }[] {
  const telling = words.flatMap((word, at) => (word.filler ? [] : [{ key: word.key, at }]))
  const seen = new Set<string>()
  return telling.flatMap((one, index) => {
    const single = { feature: one.key, at: [one.at], pair: false }
    const pairs = telling.slice(index + 1, index + 1 + PAIRED).map((other) => ({
      feature: one.key < other.key ? `${one.key}+${other.key}` : `${other.key}+${one.key}`,
      at: [one.at, other.at],
      pair: true,
    }))
    return [single, ...pairs].filter(({ feature }) => !seen.has(feature) && seen.add(feature))
  })
}
