import type { OutboundMessage } from '../../channels/message.ts'
import { numberedLabel } from '../../channels/split-message.ts'

/** What no two runs have alike, by what stands for it where answers are compared. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/https?:\/\/\S+/g, '‹enlace›'],
  [/\b[A-Z]{2,6}-\d{2}-\d{6,}-\d\b/g, '‹folio›'],
  [/\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}\b/g, '‹código›'],
  [/\b(?=[A-Z]*\d)[2-9A-HJKMNP-Z]{8}\b|(?<=[Cc]lave: |[Kk]ey: )[2-9A-HJKMNP-Z]{8}\b/g, '‹clave›'],
]

/**
 * Answers as they are compared: the same however a channel cuts a text or shows its options, and whatever the folio was. One line a message.
 */
export function told(replies: readonly OutboundMessage[]): string {
  const lines = replies.flatMap(({ text = '', options = [], link }) => [
    ...text.split('\n'),
    ...options.map(numberedLabel),
    ...(link ? [`${link.label}: ${link.url}`] : []),
  ])
  const text = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
  return PASSING.reduce((masked, [what, as]) => masked.replace(what, as), text)
}

/** Do two answers say the same? Where a channel broke a line says nothing. */
export const sayTheSame = (one: string, other: string): boolean =>
  one.replaceAll(/\s+/g, ' ') === other.replaceAll(/\s+/g, ' ')
