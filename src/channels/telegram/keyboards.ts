import type { OutboundMessage } from '../message.ts'
import { numberedLabel } from '../split-message.ts'

interface Button {
  text: string
  callback_data?: string
  url?: string
  request_contact?: true
  request_location?: true
}

/** One of Telegram's `reply_markup` objects; a message has exactly one. */
export type ReplyMarkup =
  | { inline_keyboard: Button[][] }
  | { keyboard: Button[][]; resize_keyboard: true; one_time_keyboard: true }
  | { remove_keyboard: true }

/** Longest labels of buttons that still go five, three or two beside each other on a small telephone. */
const BESIDE = [
  { length: 4, buttons: 5 },
  { length: 8, buttons: 3 },
  { length: 14, buttons: 2 },
]

/**
 * What is to be pressed below a message. Place and telephone are only shared by the keyboard that takes the place of the letters.
 * Then options are on it too: a press writes its label, so there they have no numbers. It is put away by the next message that has
 * nothing to press.
 */
export function replyMarkup(message: OutboundMessage): ReplyMarkup {
  const options = message.options ?? []
  if (asksToShare(message)) {
    const requests: Button[] = [
      ...(message.requestLocation ? [{ text: message.requestLocation, request_location: true as const }] : []),
      ...(message.requestContact ? [{ text: message.requestContact, request_contact: true as const }] : []),
    ]
    const words = options.map(({ label }) => ({ text: label }))
    return { keyboard: [...requests.map((button) => [button]), ...inRows(words)], ...FOR_ONCE }
  }
  const buttons = options.map((option, index) => ({ text: numberedLabel(option, index), callback_data: option.id }))
  const rows = inRows(buttons)
  if (message.link) rows.push([{ text: message.link.label, url: message.link.url }])
  return rows.length > 0 ? { inline_keyboard: rows } : { remove_keyboard: true }
}

/** Does the message offer to share a place or a telephone? Then it can have no button with a link. */
export const asksToShare = (message: OutboundMessage): boolean =>
  Boolean(message.requestLocation ?? message.requestContact)

const FOR_ONCE = { resize_keyboard: true, one_time_keyboard: true } as const

function inRows(buttons: Button[]): Button[][] {
  const longest = Math.max(0, ...buttons.map((button) => button.text.length))
  const width = BESIDE.find(({ length }) => longest <= length)?.buttons ?? 1
  return Array.from({ length: Math.ceil(buttons.length / width) }, (_, row) =>
    buttons.slice(row * width, (row + 1) * width),
  )
}
