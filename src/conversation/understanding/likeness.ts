import type { Reader, Word } from './reader.ts'

/** How much more a text is like the ones than like the others, in nats; 0 when nothing tells. */
export type Likeness = (words: readonly Word[]) => number

/** How many texts of either kind stand in for those never seen. */
const PRIOR = 1
/** What a pair of neighbours counts beside a word. */
const PAIR = 0.5
/** Words looked at together: in a long story what tells stands somewhere. */
const WINDOW = 12

/** Learns what tells texts like `ones` from texts like `others`. */
export function learnLikeness(ones: readonly string[], others: readonly string[], reader: Reader): Likeness {
  const count = (texts: readonly string[]) => {
    const counts = new Map<string, number>()
    for (const text of texts)
      for (const { feature } of featuresOf(reader.read(text))) counts.set(feature, (counts.get(feature) ?? 0) + 1)
    return counts
  }
  const [mine, theirs] = [count(ones), count(others)]
  const rate = (counts: ReadonlyMap<string, number>, feature: string, size: number) =>
    ((counts.get(feature) ?? 0) + PRIOR * CHANCE) / (size + PRIOR)
  const worth = new Map(
    [...new Set([...mine.keys(), ...theirs.keys()])].map((feature) => [
      feature,
      Math.log(rate(mine, feature, ones.length) / rate(theirs, feature, others.length)),
    ]),
  )
  return (words) => {
    let best = Number.NEGATIVE_INFINITY
    for (let from = 0; from === 0 || from + WINDOW / 2 < words.length; from += WINDOW / 2) {
      const sum = featuresOf(words.slice(from, from + WINDOW)).reduce(
        (total, { feature, weight }) => total + weight * (worth.get(feature) ?? 0),
        0,
      )
      best = Math.max(best, sum)
    }
    return best
  }
}

/** How often any text has a word that none was seen to have. */
const CHANCE = 0.4

/** Words and neighbours; a word of a class is told by its class. */
function featuresOf(words: readonly Word[]): { feature: string; weight: number }[] {
  const names = words.map(({ key, sound, classes }) => (classes[0] ? `<${classes[0]}>` : key || sound))
  const seen = new Set<string>()
  const all = names.flatMap((name, at) => {
    const next = names[at + 1]
    return [{ feature: name, weight: 1 }, ...(next ? [{ feature: `${name} ${next}`, weight: PAIR }] : [])]
  })
  return all.filter(({ feature }) => !seen.has(feature) && seen.add(feature))
}
