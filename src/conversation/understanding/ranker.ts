import type { Examples } from './lexicon.ts'
import { findAll, type Pattern, patternsOf, placesOf } from './patterns.ts'
import type { Reader, Word } from './reader.ts'

/** Something that is spoken of by its name and phrases, and told of as in its examples. */
export interface Topic {
  id: string
  name: string
  phrases: readonly string[]
}

/** A topic that a text may be about. */
export interface Ranked {
  topic: string
  /** Evidence in nats: what was said of this topic beside what is said of any. */
  score: number
  /** How sure, from 0 to 1; those of all topics add up to 1. */
  confidence: number
  /** The words that told most, as they were written. */
  because: string[]
}

/** Ranks topics for words already read, likeliest first; empty when nothing they say is known. */
export interface Ranker {
  rank(words: readonly Word[], text: string): Ranked[]
}

/** Words apart (those that say nothing not counted) up to which two make a pair. */
const PAIRED = 3
/**
 * What counts beside a word's evidence for a topic: its evidence against, that of a pair, and a phrase of the catalogue,
 * with each word more. Found by leaving out a quarter of the examples at a time.
 */
const WEIGHT = { against: 0.4, pair: 0.4, phrase: 1.3, phraseMore: 0.5 } as const
/** How many messages of any topic stand in for those never seen, and how often each has a word by chance. */
const PRIOR = { messages: 2.5, chance: 0.003 } as const
/** The worth of a phrase of the catalogue beside that of an example. */
const PHRASE_AS_EXAMPLE = 0.4
/** Words that say something, looked at together: in a long story the point stands somewhere. */
const WINDOW = { words: 14, step: 7, most: 60 } as const
/** Nats by which confidence grows e-fold. */
const TEMPERATURE = 1.3
/** With less evidence than this nothing is known, and less than that is not worth telling beside the first. */
const ENOUGH = { first: 2.1, other: 0.5 } as const
/** Foreign words among those of a phrase. */
const SLACK = 4
/** Reasons that are told. */
const REASONS = 4

interface Model {
  /** By feature: the evidence for each topic, in the topics' order. */
  readonly evidence: ReadonlyMap<string, Float64Array>
  readonly patterns: readonly Pattern[]
  readonly rarity: (key: string) => number
  readonly topics: readonly Topic[]
  readonly places: ReadonlyMap<string, number>
}

/** A piece of evidence: where it stands among the words, and what it says of each topic. */
interface Clue {
  at: readonly number[]
  worth: (topic: number) => number
}

/** Learns from names, phrases and examples; some tens of milliseconds for a catalogue. */
export function createRanker(topics: readonly Topic[], examples: Examples, reader: Reader): Ranker {
  const model = learn(topics, examples, reader)
  return { rank: (words, text) => rank(words, text, model) }
}

function learn(topics: readonly Topic[], examples: Examples, reader: Reader): Model {
  const counts = new Map<string, Float64Array>()
  const sizes = new Float64Array(topics.length)
  topics.forEach(({ id, name, phrases }, topic) => {
    const add = (text: string, worth: number) => {
      sizes[topic] = (sizes[topic] ?? 0) + worth
      for (const { feature } of featuresOf(reader.read(text))) {
        const row = counts.get(feature) ?? new Float64Array(topics.length)
        row[topic] = (row[topic] ?? 0) + worth
        counts.set(feature, row)
      }
    }
    for (const text of [name, ...phrases]) add(text, PHRASE_AS_EXAMPLE)
    for (const text of examples[id] ?? []) add(text, 1)
  })
  const patterns = topics.flatMap(({ id, name, phrases }) => patternsOf(reader, id, [name, ...phrases]))
  return {
    evidence: new Map([...counts].map(([feature, row]) => [feature, evidenceOf(row, sizes)])),
    patterns,
    rarity: rarityIn(patterns),
    topics,
    places: new Map(topics.map(({ id }, at) => [id, at])),
  }
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
function featuresOf(words: readonly Word[]): { feature: string; at: readonly number[]; pair: boolean }[] {
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

function rank(words: readonly Word[], text: string, model: Model): Ranked[] {
  let best: { scores: Float64Array; clues: Clue[]; words: readonly Word[] } | undefined
  for (const window of windowsOf(words)) {
    const clues = cluesIn(window, model)
    const scores = new Float64Array(model.topics.length)
    for (const clue of clues)
      for (let topic = 0; topic < scores.length; topic++) scores[topic] = (scores[topic] ?? 0) + clue.worth(topic)
    if (!best || Math.max(...scores) > Math.max(...best.scores)) best = { scores, clues, words: window }
  }
  return best ? tell(best, text, model) : []
}

function* windowsOf(words: readonly Word[]): Generator<readonly Word[]> {
  const telling = words.filter((word) => !word.filler)
  if (telling.length <= WINDOW.words) {
    yield telling
    return
  }
  const step = Math.max(WINDOW.step, Math.ceil(telling.length / WINDOW.most))
  for (let from = 0; from < telling.length; from += step) {
    yield telling.slice(from, from + WINDOW.words)
    if (from + WINDOW.words >= telling.length) return
  }
}

function cluesIn(words: readonly Word[], model: Model): Clue[] {
  const learnt = featuresOf(words).flatMap(({ feature, at, pair }): Clue[] => {
    const row = model.evidence.get(feature)
    return row ? [{ at, worth: (topic) => weighed(row[topic] ?? 0, pair) }] : []
  })
  const places = placesOf(words)
  const said = new Map<string, Clue & { value: number }>()
  for (const pattern of model.patterns) {
    const [match] = findAll(pattern, places, { slack: SLACK, ordered: false })
    const owner = model.places.get(pattern.owner)
    if (!match || owner === undefined) continue
    const rarity = pattern.words.reduce((sum, { key }) => sum + model.rarity(key), 0)
    const value = rarity * (WEIGHT.phrase + WEIGHT.phraseMore * (pattern.words.length - 1))
    const before = said.get(pattern.owner)
    if (!before || before.value < value)
      said.set(pattern.owner, { at: match.at, value, worth: (topic) => (topic === owner ? value : 0) })
  }
  return [...learnt, ...said.values()]
}

function weighed(evidence: number, pair: boolean): number {
  if (evidence < 0) return pair ? 0 : WEIGHT.against * evidence
  return pair ? WEIGHT.pair * evidence : evidence
}

function tell(
  { scores, clues, words }: { scores: Float64Array; clues: readonly Clue[]; words: readonly Word[] },
  text: string,
  { topics }: Model,
): Ranked[] {
  const total = scores.reduce((sum, score) => sum + Math.exp(score / TEMPERATURE), 0)
  const order = [...topics.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  if ((scores[order[0] ?? 0] ?? 0) < ENOUGH.first) return []
  return order
    .filter((topic) => (scores[topic] ?? 0) >= ENOUGH.other)
    .map((topic) => ({
      topic: topics[topic]?.id ?? '',
      score: scores[topic] ?? 0,
      confidence: Math.exp((scores[topic] ?? 0) / TEMPERATURE) / total,
      because: reasonsOf(topic, clues, words, text),
    }))
}

/** The words that spoke most for a topic, as they were written, in their order. */
function reasonsOf(topic: number, clues: readonly Clue[], words: readonly Word[], text: string): string[] {
  const told = new Map<number, number>()
  for (const { at, worth } of clues)
    for (const place of at) told.set(place, (told.get(place) ?? 0) + worth(topic) / at.length)
  return [...told]
    .filter(([, worth]) => worth > 0)
    .sort((a, b) => b[1] - a[1])
    .slice(0, REASONS)
    .map(([place]) => place)
    .sort((a, b) => a - b)
    .flatMap((place) => {
      const word = words[place]
      return word ? [text.slice(...word.at)] : []
    })
}
