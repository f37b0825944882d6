import type { Word } from './reader.ts'

/** Something that is told of a text, and the places among its words that tell it. */
export interface Feature {
  name: string
  at: readonly number[]
}

/** Letters of a word's beginning that stand for it where the rest is unknown. */
const BEGINNING = 5
/** Letters in a row that stand for a word of the same family, or misspelt: `pabi` in `repabimentar`. */
const WITHIN = 4
/** Words apart (those that say nothing not counted) up to which two make a pair. */
const PAIRED = 2

/** By these a text is compared with the examples: its words, how they sound and begin, letters in a row, their classes, and which stand together. */
export function featuresOf(words: readonly Word[]): Feature[] {
  const telling = words.flatMap((word, at) => (word.filler ? [] : [{ word, at }]))
  const seen = new Set<string>()
  return [
    ...telling.flatMap(({ word, at: place }, index) => [
      ...alone(word, place),
      ...telling.slice(index + 1, index + 1 + PAIRED).map(({ word: { key }, at }) => ({
        name: key < word.key ? `${key}+${word.key}` : `${word.key}+${key}`,
        at: [place, at],
      })),
    ]),
    ...words.slice(0, -1).flatMap((word, at) => {
      const next = words[at + 1]
      return !next || (word.filler && next.filler) ? [] : [{ name: `${named(word)} ${named(next)}`, at: [at, at + 1] }]
    }),
  ].filter(({ name }) => !seen.has(name) && seen.add(name))
}

const named = ({ key, sound }: Word): string => key || sound

const alone = ({ key, sound, classes }: Word, at: number): Feature[] =>
  [key, `=${sound}`, `^${sound.slice(0, BEGINNING)}`, ...lettersIn(sound), ...classes.map((name) => `<${name}>`)].map(
    (name) => ({ name, at: [at] }),
  )

const lettersIn = (sound: string): string[] => {
  const whole = `(${sound})`
  return Array.from({ length: Math.max(whole.length - WITHIN + 1, 0) }, (_, at) => `#${whole.slice(at, at + WITHIN)}`)
}

/** The same for danger, where words that say nothing by themselves tell when it is: `se cayó`, `se puede caer`. */
export function featuresInTime(words: readonly Word[]): string[] {
  const names = words.map((word) => (word.classes[0] ? `<${word.classes[0]}>` : named(word)))
  const all = words.flatMap((word, at) => [
    ...(word.filler ? [`=${word.sound}`] : alone(word, at).map(({ name }) => name)),
    named(word),
    names[at] ?? '',
    ...(at + 1 < names.length ? [`${names[at]} ${names[at + 1]}`] : []),
    ...(at + 2 < names.length ? [`${names[at]} _ ${names[at + 2]}`] : []),
  ])
  return [...new Set([`^^${names[0] ?? ''}`, ...all])].filter((name) => name !== '')
}
