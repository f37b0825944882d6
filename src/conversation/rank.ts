import { type Found, findPhrases, type Phrases, readWords } from './phrases.ts'

/** A topic that a text may be about; `because` are the phrases found, as the catalogue has them. */
export interface Ranked {
  topic: string
  score: number
  because: string[]
}

/** What a word of a phrase counts when only that word was said. */
const PART = 0.3

/**
 * Topics that a text may be about, likeliest first. Each word counts once for a topic, the more the fewer topics share it;
 * words within a longer phrase of `blockers` (a danger that contains a topic's word) count for none.
 */
export function rankTopics(text: string, phrases: Phrases, blockers?: Phrases): Ranked[] {
  const words = readWords(text, phrases)
  const blocked = blockers ? blockedPhrases(text, blockers, phrases) : []
  const found = findPhrases(words, phrases).filter((one) => !blocked.some((longer) => holds(longer, one)))
  const ranked = Map.groupBy(found, ({ topic }) => topic)
  return [...ranked]
    .map(([topic, ones]) => ({
      topic,
      score: score(words, ones, phrases) + partScore(words, topic, ones, phrases),
      because: [...new Map(ones.map((one) => [one.words.join(' '), one.phrase])).values()],
    }))
    .sort((a, b) => b.score - a.score)
}

function score(words: readonly string[], found: readonly Found[], phrases: Phrases): number {
  const counted = new Set(found.flatMap((one) => positions(one, words)))
  const longest = Math.max(...found.map((one) => one.words.length))
  return [...counted].reduce((sum, at) => sum + weight(words[at] ?? '', phrases), 0) + longest - 1
}

/** Words that occur in the topic's phrases, though no phrase of theirs was said whole. */
function partScore(words: readonly string[], topic: string, found: readonly Found[], phrases: Phrases): number {
  const counted = new Set(found.flatMap((one) => positions(one, words)))
  const own = new Set([...phrases.byFirst.values()].flat().flatMap((one) => (one.topic === topic ? one.words : [])))
  return words.reduce(
    (sum, word, at) => (counted.has(at) || !own.has(word) ? sum : sum + PART * weight(word, phrases)),
    0,
  )
}

function positions(one: Found, words: readonly string[]): number[] {
  const own = new Set(one.words)
  return Array.from({ length: one.to - one.from }, (_, offset) => one.from + offset).filter((at) =>
    own.has(words[at] ?? ''),
  )
}

/** A word that few topics share tells more; one of three letters or fewer tells little. */
function weight(word: string, { topicsWith, topics }: Phrases): number {
  const rarity = 1 + Math.log((topics + 1) / (1 + (topicsWith.get(word) ?? topics)))
  return word.length < 3 ? rarity / 4 : rarity
}

/** Phrases of danger found in the text, read with the words of the topics so that the two can be compared. */
function blockedPhrases(text: string, blockers: Phrases, phrases: Phrases): string[][] {
  return findPhrases(readWords(text, blockers), blockers).map(({ phrase }) => readWords(phrase, phrases))
}

const holds = (longer: readonly string[], one: Found): boolean =>
  longer.length > one.words.length && one.words.every((word) => longer.includes(word))
