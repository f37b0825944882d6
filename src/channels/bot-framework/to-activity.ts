import type { Option, OutboundMessage } from '../message.ts'
import { numberedLabel } from '../split-message.ts'
import { shownBy } from './downstream.ts'
import type { Reference } from './references.ts'

/** A file of ours as a channel gets it: an address it can fetch, or the bytes in a `data:` address. */
export interface SentFile {
  contentType: string
  contentUrl: string
  name: string
}

/** The activity that says a message in a conversation. */
export function toActivity(reference: Reference, message: OutboundMessage, file?: SentFile): object {
  const { options = [], replyTo } = message
  const titles = options.map(numberedLabel)
  const as = shownBy(reference.channelId, titles)
  const lines = as === 'lines' ? titles.join('\n') : ''
  const text = [wordsOf(message, file), lines].filter(Boolean).join('\n\n')
  const attachments = [...(file ? [file] : []), ...(as === 'card' && options.length > 0 ? [cardOf(options)] : [])]
  const pressable = as === 'messageBack' || as === 'imBack'
  return {
    ...addressed(reference),
    type: 'message',
    // Nothing of ours is Markdown, and a citizen's words that we repeat must not become it.
    ...(text && { text, textFormat: 'plain' }),
    inputHint: 'acceptingInput',
    ...(attachments.length > 0 && { attachments }),
    ...(pressable &&
      options.length > 0 && {
        suggestedActions: { to: [], actions: options.map((option, index) => BUTTONS[as](option, index)) },
      }),
    ...(replyTo && { replyToId: replyTo }),
  }
}

/** Shows that we are writing. */
export const typingIn = (reference: Reference): object => ({ ...addressed(reference), type: 'typing' })

const addressed = ({ channelId, serviceUrl, conversation, bot, user }: Reference) => ({
  channelId,
  serviceUrl,
  conversation,
  ...(bot && { from: bot }),
  ...(user && { recipient: user }),
})

/** Buttons alone do not exist: what they ask for says what it is about. */
function wordsOf({ text, requestContact, requestLocation, options = [] }: OutboundMessage, file?: SentFile): string {
  if (text || file) return text ?? ''
  return requestContact || requestLocation || (options.length > 0 ? '…' : '')
}

/** Brings the option's id back as `value`, beside the label that the person sees as said. */
const messageBack = (option: Option, index: number) => ({
  type: 'messageBack',
  title: numberedLabel(option, index),
  text: option.label,
  displayText: option.label,
  value: { choice: { id: option.id, label: option.label } },
})

/** Where a press can only say something, it says the label: it is understood as if it had been written. */
const imBack = (option: Option, index: number) => ({
  type: 'imBack',
  title: numberedLabel(option, index),
  value: option.label,
})

const BUTTONS = { messageBack, imBack }

const cardOf = (options: Option[]) => ({
  contentType: 'application/vnd.microsoft.card.hero',
  content: { buttons: options.map(messageBack) },
})
