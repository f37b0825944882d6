import { featuresInTime } from './features.ts'
import type { Reader, Word } from './reader.ts'
import { damping, learnWeights, PARTS, type Weights } from './regression.ts'

/** How much more a text is like the ones than like the others, in nats. */
export type Likeness = (words: readonly Word[]) => number

/** Words looked at together: in a long story what tells stands somewhere. */
const WINDOW = { words: 16, step: 8, most: 60 } as const
/** One of the ones counts as two of the others: to miss it is worse. */
const WORTH = 2
/** How far an example changes what is believed. */
const RATE = 0.2

/** Learns what tells texts like `ones` from texts like `others`. */
export function learnLikeness(ones: readonly string[], others: readonly string[], reader: Reader): Weights {
  function* samples() {
    for (const text of others) yield { features: featuresInTime(reader.read(text)), label: 0, worth: 1 }
    for (const text of ones) yield { features: featuresInTime(reader.read(text)), label: 1, worth: WORTH }
  }
  return learnWeights(samples(), 2, RATE)
}

/** Compares texts by what was learnt. */
export function likenessBy({ from, all, bias }: Weights): Likeness {
  const score = (words: readonly Word[]) => {
    const features = featuresInTime(words)
    const sum = features.reduce((total, name) => {
      const at = from.get(name)
      return at === undefined ? total : total + ((all[at + 1] ?? 0) - (all[at] ?? 0)) / PARTS
    }, 0)
    return (bias[1] ?? 0) - (bias[0] ?? 0) + sum * damping(features.length)
  }
  return (words) => {
    const step = Math.max(WINDOW.step, Math.ceil(words.length / WINDOW.most))
    let best = score(words.slice(0, WINDOW.words))
    for (let start = step; start + step < words.length; start += step)
      best = Math.max(best, score(words.slice(start, start + WINDOW.words)))
    return best
  }
}
