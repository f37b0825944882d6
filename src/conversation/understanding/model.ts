import { featuresOf } from './features.ts'
import type { Examples } from './lexicon.ts'
import { type Pattern, patternsOf } from './patterns.ts'
import type { Reader } from './reader.ts'
import { learnWeights, type Weights } from './regression.ts'

/** Something that is spoken of by its name and phrases, and told of as in its examples. */
export interface Topic {
  id: string
  name: string
  phrases: readonly string[]
}

/** What is known of topics: what was learnt of their examples, and their phrases. */
export interface Model {
  /** How much each feature makes a text like those of each topic. */
  readonly weights: Weights
  readonly patterns: readonly Pattern[]
  readonly rarity: (key: string) => number
  readonly topics: readonly Topic[]
  readonly places: ReadonlyMap<string, number>
}

/** The worth of a phrase of the catalogue beside that of an example. */
const PHRASE_AS_EXAMPLE = 0.4
/** How far an example changes what regression believes. */
const RATE = 0.3

/** Learns what tells topics apart; some seconds of work for a catalogue. */
export function learnTopics(topics: readonly Topic[], examples: Examples, reader: Reader): Weights {
  function* samples() {
    for (const [label, { id, name, phrases }] of topics.entries()) {
      for (const text of [name, ...phrases]) yield { features: namesIn(text), label, worth: PHRASE_AS_EXAMPLE }
      for (const text of examples[id] ?? []) yield { features: namesIn(text), label, worth: 1 }
    }
  }
  const namesIn = (text: string) => featuresOf(reader.read(text)).map(({ name }) => name)
  return learnWeights(samples(), topics.length, RATE)
}

/** Puts what was learnt of these topics beside their phrases. */
export function modelOf(topics: readonly Topic[], weights: Weights, reader: Reader): Model {
  const patterns = topics.flatMap(({ id, name, phrases }) => patternsOf(reader, id, [name, ...phrases]))
  return {
    weights,
    patterns,
    rarity: rarityIn(patterns),
    topics,
    places: new Map(topics.map(({ id }, at) => [id, at])),
  }
}

function rarityIn(patterns: readonly Pattern[]): (key: string) => number {
  const owners = new Map<string, Set<string>>()
  for (const { owner, words } of patterns)
    for (const { key } of words) owners.set(key, (owners.get(key) ?? new Set()).add(owner))
  const all = new Set(patterns.map(({ owner }) => owner)).size
  return (key) => Math.log((all + 1) / (1 + (owners.get(key)?.size ?? all)))
}
