import { sound, stemEnglish, stem as stemSpanish } from '../sound.ts'
import type { Lexicon } from './lexicon.ts'
import { MISSPELT, type Spelling, understood } from './spelling.ts'

/** A word of a text as the lexicon knows it. */
export interface Word {
  /** What words of the same meaning share; empty for one that says nothing. */
  key: string
  /** As it sounds, after abbreviations and misspellings were mended. */
  sound: string
  /** From and to (exclusive) in the text as it was written. */
  at: readonly [number, number]
  /** Counts the ends of sentences before it. */
  sentence: number
  filler: boolean
  /** Names of the classes it belongs to. */
  classes: readonly string[]
}

/** Reads texts as the lexicon and all phrases it was made with know their words. */
export interface Reader {
  /** Every word in order. Of a very long text its beginning and its end are read. */
  read(text: string): Word[]
  /** The words of a phrase for comparing with those read: only those that say something, or `all`. */
  keys(phrase: string, all?: 'all'): PhraseWord[]
}

/** A word of a phrase: compared by its key, or by its sound when it is meant just so. */
export interface PhraseWord {
  key: string
  exact: boolean
}

/** What is read of a long text: so many characters of its beginning and of its end. */
const READ = { head: 2500, tail: 1500 } as const
/** The longest word that is looked at, in characters. */
const LONGEST = 30
/** The most words of a synonym. */
const TOGETHER = 6

const TOKEN = /[\p{L}\p{M}\p{N}]+(?:['’`´]\p{L}+)*|[.;:!?¿¡\n…]+/gu

interface Vocabulary extends Spelling {
  /** Keys by sound, and by stem. */
  readonly bySound: ReadonlyMap<string, string>
  readonly byStem: ReadonlyMap<string, string>
  /** Keys of synonyms of several words, by their sounds joined. */
  readonly joined: ReadonlyMap<string, string>
  readonly starts: ReadonlySet<string>
  readonly short: ReadonlyMap<string, readonly string[]>
  readonly classes: ReadonlyMap<string, readonly string[]>
}

/** Makes a reader; `phrases` are all the texts whose words it must know. */
export function createReader(lexicon: Lexicon, phrases: readonly string[]): Reader {
  const vocabulary = vocabularyOf(lexicon, phrases)
  return {
    read: (text) => joinSynonyms(wordsOf(text, vocabulary), vocabulary).map((word) => withClasses(word, vocabulary)),
    keys: (phrase, all) => phraseWords(phrase, vocabulary, all === 'all'),
  }
}

const bare = (word: string) => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
const tokens = (text: string) =>
  text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
const soundsIn = (text: string) => tokens(text).map(sound)

/** How words end in each language. */
const STEMS = { es: stemSpanish, en: stemEnglish } as const

function vocabularyOf(lexicon: Lexicon, phrases: readonly string[]): Vocabulary {
  const stem = STEMS[lexicon.terminaciones]
  const bySound = new Map<string, string>()
  const byStem = new Map<string, string>()
  const joined = new Map<string, string>()
  const starts = new Set<string>()
  for (const group of lexicon.sinonimos) {
    const key = `*${soundsIn(group[0] ?? '').join('_')}`
    for (const member of group) {
      const sounds = soundsIn(member)
      const [only] = sounds
      if (only === undefined) continue
      if (sounds.length > 1) {
        joined.set(sounds.join(' '), key)
        starts.add(only)
      } else {
        bySound.set(only, key)
        const root = stem(only)
        // Of `solar` no more than `sol` is left, which is another word.
        const tells = root.length > 3 || only.length - root.length < 2
        if (!member.startsWith('=') && tells && !byStem.has(root)) byStem.set(root, key)
      }
    }
  }
  const filler = new Set(lexicon.relleno.flatMap(soundsIn))
  const lists = [
    lexicon.relleno,
    lexicon.comunes,
    lexicon.sinonimos.flat(),
    phrases,
    Object.values(lexicon.abreviaturas),
  ]
  const known = new Set(lists.flat().flatMap(soundsIn))
  const short = new Map(Object.entries(lexicon.abreviaturas).map(([from, to]) => [bare(from), tokens(to)]))
  const made = { bySound, byStem, joined, starts, filler, stem }
  const mendable = [...known].filter((word) => word.length >= MISSPELT.one && !/\d/.test(word))
  return {
    ...made,
    known,
    stems: new Set([...known].map(stem)),
    short,
    classes: classesOf(lexicon, made),
    byFirst: Map.groupBy(mendable, (word) => word[0] ?? ''),
  }
}

type Meanings = Pick<Vocabulary, 'bySound' | 'byStem' | 'joined' | 'starts' | 'filler' | 'stem'>

/** Names of classes by the key, the sound and the stem of each of their words. */
function classesOf({ clases }: Lexicon, vocabulary: Meanings): Map<string, string[]> {
  const classes = new Map<string, string[]>()
  const add = (word: string, name: string) => {
    const known = classes.get(word) ?? []
    if (!known.includes(name)) classes.set(word, [...known, name])
  }
  for (const [name, members] of Object.entries(clases)) {
    for (const { key, sound: sounded, filler } of members.flatMap((one) =>
      joinSynonyms(plainWords(one, vocabulary), vocabulary),
    )) {
      add(filler ? sounded : key, name)
      // Of `losa` no more than `los` is left, which says nothing.
      const root = vocabulary.stem(sounded)
      if (!vocabulary.filler.has(root)) add(root, name)
    }
  }
  return classes
}

const withClasses = (word: Word, { classes, stem }: Vocabulary): Word => {
  const names = classes.get(word.key || word.sound) ?? classes.get(word.sound) ?? classes.get(stem(word.sound))
  return names ? { ...word, classes: names } : word
}

function wordsOf(text: string, vocabulary: Vocabulary): Word[] {
  const words: Word[] = []
  const mended = new Map<string, readonly string[]>()
  let sentence = 0
  for (const { token, at } of tokensOf(text)) {
    if (!/[\p{L}\p{N}]/u.test(token)) {
      sentence += 1
      continue
    }
    const plain = bare(token.replace(/[\p{Cf}'’`´]/gu, '')).slice(0, LONGEST)
    const spelt = vocabulary.short.get(plain)?.map(sound) ?? understood(plain, vocabulary, mended)
    for (const one of spelt)
      words.push({ ...meaning(one, vocabulary), at: [at, at + token.length], sentence, classes: NONE })
  }
  return words
}

function* tokensOf(text: string): Generator<{ token: string; at: number }> {
  const from = text.length <= READ.head + READ.tail ? text.length : text.length - READ.tail
  for (const [start, end] of [
    [0, Math.min(READ.head, from)],
    [from === text.length ? Math.min(READ.head, from) : from, text.length],
  ] as const)
    for (const match of text.slice(start, end).matchAll(TOKEN)) yield { token: match[0], at: start + match.index }
}

const NONE: readonly string[] = []

function meaning(sounded: string, { bySound, byStem, filler, stem }: Meanings): Pick<Word, 'key' | 'sound' | 'filler'> {
  const group = bySound.get(sounded)
  if (group === undefined && filler.has(sounded)) return { key: '', sound: sounded, filler: true }
  const key = group ?? byStem.get(stem(sounded)) ?? (/^\d+$/.test(sounded) ? '' : stem(sounded))
  return { key, sound: sounded, filler: key === '' }
}

/** Several words that mean what one does become one: `camión de la basura`, `no sirve`. */
function joinSynonyms(words: readonly Word[], { joined, starts }: Meanings): Word[] {
  const out: Word[] = []
  for (let at = 0; at < words.length; ) {
    const first = words[at]
    if (!first) break
    const length = starts.has(first.sound) ? lengthOfSynonym(words, at, joined) : 0
    const last = words[at + length - 1]
    if (length === 0 || !last) out.push(first)
    else {
      const key = joined.get(soundsFrom(words, at, length)) ?? ''
      out.push({ ...first, key, filler: false, at: [first.at[0], last.at[1]] })
    }
    at += Math.max(length, 1)
  }
  return out
}

function lengthOfSynonym(words: readonly Word[], at: number, joined: ReadonlyMap<string, string>): number {
  for (let length = TOGETHER; length > 1; length--) {
    if (joined.has(soundsFrom(words, at, length)) && words[at]?.sentence === words[at + length - 1]?.sentence)
      return length
  }
  return 0
}

const soundsFrom = (words: readonly Word[], at: number, length: number) =>
  words
    .slice(at, at + length)
    .map((word) => word.sound)
    .join(' ')

/** The words of a phrase, without regard to where they stand. */
const plainWords = (phrase: string, vocabulary: Meanings): Word[] =>
  tokens(phrase).map((token) => ({ ...meaning(sound(token), vocabulary), at: [0, 0], sentence: 0, classes: NONE }))

function phraseWords(phrase: string, vocabulary: Vocabulary, all: boolean): PhraseWord[] {
  const exact = [...phrase.matchAll(/=\s*([\p{L}\p{M}\p{N}]+)/gu)].map((match) => sound(match[1] ?? ''))
  return phrase.split(/(<[a-z]+>)/).flatMap((part): PhraseWord[] => {
    if (part.startsWith('<')) return [{ key: part, exact: false }]
    return joinSynonyms(plainWords(part, vocabulary), vocabulary).flatMap((word): PhraseWord[] => {
      if (exact.includes(word.sound) || (all && word.filler)) return [{ key: word.sound, exact: true }]
      return word.filler ? [] : [{ key: word.key, exact: false }]
    })
  })
}
