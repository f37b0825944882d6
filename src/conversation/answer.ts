import type { ContactCard, InboundMessage, MediaKind, Place } from '../channels/message.ts'
import type { Choosable } from './flow.ts'
import { samePhrase, saysOnly, wordsOf } from './words.ts'

/** A file that came, as our row has it. */
export interface AnswerFile {
  id: string
  kind: MediaKind
}

/** A message as a step sees it. */
export interface Answer {
  /** What was written, or a file's caption; '' when nothing. */
  text: string
  /** Id of the option of the current question that was chosen, however it was said. */
  option?: string
  files: readonly AnswerFile[]
  /** Files came that could not be kept. */
  lost: boolean
  location?: Place
  contact?: ContactCard
  sentAt: Date
}

/** What of a message is an answer; stickers say nothing. */
export function toAnswer(message: InboundMessage): Answer {
  const media = (message.media ?? []).filter((one) => one.kind !== 'sticker')
  const files = media.flatMap(({ attachmentId, kind }) =>
    attachmentId === undefined ? [] : [{ id: attachmentId, kind }],
  )
  return {
    text: message.kind === 'sticker' ? '' : (message.text ?? '').trim(),
    files,
    lost: files.length < media.length,
    ...(message.location && { location: message.location }),
    ...(message.contact && { contact: message.contact }),
    sentAt: message.sentAt,
  }
}

/** Is there anything in it that a step could read? */
export const isEmpty = (answer: Answer): boolean =>
  answer.text === '' &&
  answer.option === undefined &&
  answer.files.length === 0 &&
  !answer.lost &&
  !answer.location &&
  !answer.contact

const NUMBERED = /^(?:(?:la|el|opci[oó]n|n[uú]mero|no\.?)\s+)*(\d{1,2})\s*[.):°-]*$/i

/** The position in a menu that the text names (`2`, `2.`, `opción 2`, `dos`), from 0. */
export function positionIn(text: string, numerals: readonly string[]): number | undefined {
  const digits = NUMBERED.exec(
    text
      .normalize('NFKC')
      .replace(/[\uFE0F\u20E3]/g, '')
      .trim(),
  )?.[1]
  if (digits !== undefined) return Number(digits) - 1
  const at = numerals.findIndex((numeral) => saysOnly(text, [numeral], ['la', 'el', 'opcion', 'numero']))
  return at === -1 ? undefined : at
}

/** An emoji whatever its skin tone and variant. */
const withoutTone = (text: string): string => text.replace(/\p{Emoji_Modifier}|\uFE0F/gu, '').trim()

/** Which option the words name: a whole label or one of its synonyms. */
export function optionSaid(text: string, options: readonly Choosable[]): string | undefined {
  const words = wordsOf(text)
  if (words.length === 0) return options.find((one) => one.words?.includes(withoutTone(text)))?.id
  const ways = options.map((option) => ({ option, phrases: [option.label, ...(option.words ?? [])].map(wordsOf) }))
  const exact = ways.find(({ phrases }) => phrases.some((phrase) => phrase.join(' ') === words.join(' ')))
  return (exact ?? ways.find(({ phrases }) => phrases.some((phrase) => samePhrase(words, phrase))))?.option.id
}

/** Which option is said with nothing but filler around it: `sí señorita, acepto`. */
export function optionWithin(
  text: string,
  options: readonly Choosable[],
  filler: readonly string[],
): string | undefined {
  const within = options.filter(({ label, words = [] }) => saysOnly(text, [label, ...words], filler))
  return within.length === 1 ? within[0]?.id : undefined
}

/** Which option the words mean, when only one label shares what they say: `la calle` means `Calle y número`. */
export function optionMeant(
  text: string,
  options: readonly Choosable[],
  filler: readonly string[],
): string | undefined {
  const said = optionSaid(text, options) ?? optionWithin(text, options, filler)
  if (said !== undefined) return said
  const skipped = new Set(filler.flatMap(wordsOf))
  const words = wordsOf(text).filter((word) => !skipped.has(word))
  if (!words.some((word) => word.length > 3)) return undefined
  const holding = options.filter(({ label }) => holds(wordsOf(label), words))
  return holding.length === 1 ? holding[0]?.id : undefined
}

const holds = (label: readonly string[], words: readonly string[]): boolean =>
  words.every((word) => label.some((own) => samePhrase([word], [own])))

/** The option whose whole label stands in the text, the longest: `más de un mes, ya les dije`. */
function optionQuoted(text: string, options: readonly Choosable[]): string | undefined {
  const words = ` ${wordsOf(text).join(' ')} `
  const quoted = options.filter(
    ({ label }) => wordsOf(label).length > 1 && words.includes(` ${wordsOf(label).join(' ')} `),
  )
  return quoted.toSorted((a, b) => b.label.length - a.label.length)[0]?.id
}

/** The option whose label is in the text, or shares the most telling words with it when no other shares as many: `muy grande`. */
export function optionNearest(text: string, options: readonly Choosable[]): string | undefined {
  const quoted = optionQuoted(text, options)
  if (quoted !== undefined) return quoted
  const words = wordsOf(text).filter((word) => word.length > 3)
  const shares = options.map(({ id, label }) => ({
    id,
    shared: words.filter((word) => holds(wordsOf(label), [word])).length,
  }))
  const most = Math.max(0, ...shares.map(({ shared }) => shared))
  const best = shares.filter(({ shared }) => shared === most)
  return most > 0 && best.length === 1 ? best[0]?.id : undefined
}
