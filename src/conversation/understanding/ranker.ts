import { featuresOf } from './features.ts'
import type { Model } from './model.ts'
import { findAll, placesOf } from './patterns.ts'
import type { Word } from './reader.ts'
import { damping, PARTS } from './regression.ts'

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

/** Ranks topics for words already read, likeliest first. */
export interface Ranker {
  /** Those that the words tell of; empty when nothing they say is known. */
  rank(words: readonly Word[], text: string): Ranked[]
  /** Those that the words may tell of, however little they say: to be asked about, not to be acted on. */
  guess(words: readonly Word[], text: string): Ranked[]
}

/** The worth of what regression learnt of the words together. */
const LIKENESS = 3
/** The worth of a phrase of the catalogue, and with each word more. */
const PHRASE = { one: 0.2, more: 0.075 } as const
/** Words that say something, looked at together: in a long story the point stands somewhere. */
const WINDOW = { words: 14, step: 7, most: 60 } as const
/** Nats by which confidence grows e-fold. */
const TEMPERATURE = 1.3
/**
 * With less evidence than `first`, or no topic so likely, nothing is known; with less than `other` a topic is not worth
 * telling beside the first.
 */
const ENOUGH: Enough = { first: 2.1, confidence: 0.3, other: 0.5 }
/** The same for a guess. */
const SOMETHING: Enough = { first: 2.1, confidence: 0, other: 0 }

type Enough = Readonly<Record<'first' | 'confidence' | 'other', number>>

/** Foreign words among those of a phrase. */
const SLACK = 4
/** Reasons that are told. */
const REASONS = 4

/** A piece of evidence: where it stands among the words, and what it says of each topic. */
interface Clue {
  at: readonly number[]
  worth: (topic: number) => number
}

/** Ranks by what was learnt and by the phrases of the topics. */
export const createRanker = (model: Model): Ranker => ({
  rank: (words, text) => rank(words, text, model, ENOUGH),
  guess: (words, text) => rank(words, text, model, SOMETHING),
})

function rank(words: readonly Word[], text: string, model: Model, enough: Enough): Ranked[] {
  let best: { scores: Float64Array; clues: Clue[]; words: readonly Word[] } | undefined
  for (const window of windowsOf(words)) {
    const telling = window.filter((word) => !word.filler)
    const clues = [...phrasesIn(telling, model), ...likenessesIn(window, model)]
    const scores = scoresOf(clues, model)
    if (!best || Math.max(...scores) > Math.max(...best.scores)) best = { scores, clues, words: telling }
  }
  return best ? tell(best, text, model, enough) : []
}

function scoresOf(clues: readonly Clue[], { topics }: Model): Float64Array {
  const scores = new Float64Array(topics.length)
  for (const { worth } of clues)
    for (let topic = 0; topic < scores.length; topic++) scores[topic] = (scores[topic] ?? 0) + worth(topic)
  return scores
}

function* windowsOf(words: readonly Word[]): Generator<readonly Word[]> {
  const telling = words.flatMap((word, at) => (word.filler ? [] : [at]))
  if (telling.length <= WINDOW.words) {
    yield words
    return
  }
  const step = Math.max(WINDOW.step, Math.ceil(telling.length / WINDOW.most))
  for (let from = 0; from < telling.length; from += step) {
    yield words.slice(telling[from], telling[from + WINDOW.words])
    if (from + WINDOW.words >= telling.length) return
  }
}

function phrasesIn(words: readonly Word[], model: Model): Clue[] {
  const places = placesOf(words)
  const said = new Map<string, Clue & { value: number }>()
  for (const pattern of model.patterns) {
    const [match] = findAll(pattern, places, { slack: SLACK, ordered: false })
    const owner = model.places.get(pattern.owner)
    if (!match || owner === undefined) continue
    const rarity = pattern.words.reduce((sum, { key }) => sum + model.rarity(key), 0)
    const value = rarity * (PHRASE.one + PHRASE.more * (pattern.words.length - 1))
    const before = said.get(pattern.owner)
    if (!before || before.value < value)
      said.set(pattern.owner, { at: match.at, value, worth: (topic) => (topic === owner ? value : 0) })
  }
  return [...said.values()]
}

/** What regression learnt of these words; places are among those that tell something. */
function likenessesIn(words: readonly Word[], { weights }: Model): Clue[] {
  const features = featuresOf(words)
  const damp = (LIKENESS / PARTS) * damping(features.length)
  let telling = 0
  const places = words.map(({ filler }) => (filler ? -1 : telling++))
  return features.flatMap(({ name, at }): Clue[] => {
    const from = weights.from.get(name)
    if (from === undefined) return []
    const own = at.flatMap((place) => places[place] ?? -1).filter((place) => place >= 0)
    return [{ at: own, worth: (topic) => damp * (weights.all[from + topic] ?? 0) }]
  })
}

function tell(
  { scores, clues, words }: { scores: Float64Array; clues: readonly Clue[]; words: readonly Word[] },
  text: string,
  { topics }: Model,
  enough: Enough,
): Ranked[] {
  const total = scores.reduce((sum, score) => sum + Math.exp(score / TEMPERATURE), 0)
  const order = [...topics.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  const first = scores[order[0] ?? 0] ?? 0
  if (first < enough.first || Math.exp(first / TEMPERATURE) < enough.confidence * total) return []
  return order
    .filter((topic) => (scores[topic] ?? 0) >= enough.other)
    .map((topic) => ({
      topic: topics[topic]?.id ?? '',
      score: scores[topic] ?? 0,
      confidence: Math.exp((scores[topic] ?? 0) / TEMPERATURE) / total,
      // Made for who asks: to tell it of every topic costs more than to rank them.
      get because() {
        return reasonsOf(topic, clues, words, text)
      },
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
