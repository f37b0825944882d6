import { createHash } from 'node:crypto'
import type { InboundMessage, Sender } from '../message.ts'
import type { Incoming } from './activity.ts'
import { contentOf } from './content.ts'
import { addressOf } from './references.ts'

/** What an activity came to: a message, or the reason why there is none to store. */
export type Received = { message: InboundMessage } | { ignored: string }

/** Whose activity it is, and when it came to us. */
export interface Arrival {
  account: string
  now: Date
}

type Fields = Pick<InboundMessage, 'kind' | 'text' | 'choice' | 'media' | 'location' | 'replyTo' | 'providerId'>
type Reader = (activity: Incoming) => Fields | { ignored: string }

/**
 * How each type of activity is read. Silence is the protocol's own answer to the others: somebody types, a conversation ends, a
 * program tells programs something.
 */
const READERS: Record<string, Reader> = {
  message: (activity) => ({ ...contentOf(activity), ...replyTo(activity), ...own(activity) }),
  messageUpdate: (activity) => ({ ...contentOf(activity), kind: 'edit', ...ofMessage(activity) }),
  messageDelete: (activity) => ({ kind: 'delete', ...ofMessage(activity) }),
  messageReaction: readReaction,
  conversationUpdate: readMembers,
  installationUpdate: ({ action = '' }) => membership(action, 'start'),
  contactRelationUpdate: ({ action = '' }) => membership(action, 'unblocked'),
  event: ({ name = '' }) => (name === JOIN ? { kind: 'start' } : { ignored: 'an event' }),
  ...silent(
    ...['typing', 'endOfConversation', 'invoke', 'trace', 'handoff', 'suggestion', 'command', 'commandResult', 'delay'],
    ...['invokeResponse', 'deleteUserData'],
  ),
}

/** The event by which a web chat's client asks to be greeted. */
const JOIN = 'webchat/join'

/** Other people's conversations are neither answered nor stored. */
const SHARED = new Set(['groupChat', 'channel'])

/** The neutral message of one activity, never throwing. A type of the future is `unsupported`: it is from somebody who can be answered. */
export function fromActivity(activity: Incoming, { account, now }: Arrival): Received {
  const { conversation, from, recipient } = activity
  if (conversation.isGroup || SHARED.has(conversation.conversationType ?? '')) return { ignored: 'in a group' }
  if (activity.type === 'message' && (from?.role === 'bot' || (from && from.id === recipient?.id)))
    return { ignored: 'from a bot' }
  const fields = readerOf(activity.type)(activity)
  if ('ignored' in fields) return fields
  return {
    message: {
      channel: 'bot-framework',
      account,
      externalId: identityOf(activity, fields),
      from: senderOf(activity),
      ...fields,
      sentAt: activity.timestamp ?? now,
    },
  }
}

const readerOf = (type: string): Reader =>
  (Object.hasOwn(READERS, type) ? READERS[type] : undefined) ?? (() => ({ kind: 'unsupported' }))

function silent(...types: string[]): Record<string, Reader> {
  return Object.fromEntries(types.map((type) => [type, () => ({ ignored: type })]))
}

/**
 * Conversation and activity. Events about a message have its id, so they add their type, and an edit its time; what has no id is known
 * by all that it says.
 */
function identityOf(activity: Incoming, { kind }: Fields): string {
  const place = addressOf(activity)
  const { id, type, timestamp } = activity
  if (id === undefined) return `${place}#${createHash('sha256').update(JSON.stringify(activity)).digest('base64url')}`
  if (type === 'message') return `${place}/${id}`
  return `${place}/${id}#${[type, kind === 'edit' && timestamp?.toISOString()].filter(Boolean).join(' ')}`
}

function senderOf(activity: Incoming): Sender {
  const { from, recipient, locale } = activity
  const name = from && from.id !== recipient?.id ? from.name : undefined
  return { address: addressOf(activity), ...(name && { name }), ...(locale && { language: locale }) }
}

const own = ({ id }: Incoming) => (id === undefined ? {} : { providerId: id })
const ofMessage = ({ id }: Incoming) => (id === undefined ? {} : { replyTo: id })
const replyTo = ({ replyToId }: Incoming) => (replyToId === undefined ? {} : { replyTo: replyToId })

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events#message-reaction-events */
const EMOJIS: Record<string, string> = {
  like: '👍',
  heart: '❤️',
  laugh: '😆',
  surprised: '😮',
  sad: '😢',
  angry: '😠',
}

/** Other reactions of Teams begin with the number of their letter: `1f44f_clappinghands`. */
const NUMBERED = /^([0-9a-f]{4,5})_/

function readReaction(activity: Incoming): Fields {
  const emojis = (activity.reactionsAdded ?? []).map(({ type }) => emojiOf(type)).join('')
  return { kind: 'reaction', ...(emojis && { text: emojis }), ...replyTo(activity) }
}

function emojiOf(type: string): string {
  const number = NUMBERED.exec(type)?.[1]
  return EMOJIS[type] ?? (number ? String.fromCodePoint(Number.parseInt(number, 16)) : '')
}

/** A person came: they are greeted. The bot itself left: it was removed. Teams tells both by `installationUpdate` too. */
function readMembers({ membersAdded = [], membersRemoved = [], recipient }: Incoming): Fields | { ignored: string } {
  if (membersAdded.some(({ id }) => id !== recipient?.id)) return { kind: 'start' }
  if (membersRemoved.some(({ id }) => id === recipient?.id)) return { kind: 'blocked' }
  return { ignored: 'a change of a conversation' }
}

function membership(action: string, kind: 'start' | 'unblocked') {
  const [word = ''] = action.split('-')
  if (word === 'add') return { kind }
  return word === 'remove' ? { kind: 'blocked' as const } : { ignored: `a membership's ${word || 'change'}` }
}
