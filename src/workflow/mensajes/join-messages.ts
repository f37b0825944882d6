import type { InboundMessage } from '../../channels/message.ts'

/** Milliseconds to wait for the rest of an album: a platform delivers its pictures one by one. */
export const ALBUM_QUIET = 700

/** How many rows make the next turn: an album is one, and so is a burst of plain texts where free text is awaited. */
export function turnLength(messages: InboundMessage[], joinTexts: boolean): number {
  const first = messages[0]
  if (!first) return 0
  const belongs = (message: InboundMessage) =>
    first.group !== undefined ? message.group === first.group : joinTexts && isPlainText(first) && isPlainText(message)
  const stranger = messages.findIndex((message, index) => index > 0 && !belongs(message))
  return stranger === -1 ? messages.length : stranger
}

/** One message out of those of a turn: texts line by line, all files; the rest as the first has it. It has no id: it is several. */
export function joinMessages(messages: [InboundMessage, ...InboundMessage[]]): InboundMessage {
  const [first, ...others] = messages
  if (others.length === 0) return first
  const text = messages.flatMap((message) => message.text ?? []).join('\n')
  const media = messages.flatMap((message) => message.media ?? [])
  const { providerId: _ofTheFirst, ...rest } = first
  return { ...rest, ...(text && { text }), ...(media.length > 0 && { media }) }
}

const isPlainText = (message: InboundMessage) => message.kind === 'text' && message.group === undefined
