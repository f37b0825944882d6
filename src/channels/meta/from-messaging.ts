import { createHash } from 'node:crypto'
import type { Receipt } from '../channel.ts'
import type { InboundMessage } from '../message.ts'
import { type Content, contentOf, pressOf } from './messaging-content.ts'
import { anyEvent, knownEvent, type MessagingEvent, type MetaMessage } from './messaging-events.ts'
import { type Arrival, type Reading, reading } from './reading.ts'

/** Every message of ours carries this; its echo brings it back. */
export const OWN_METADATA = 'canaliza'

/**
 * The apps by which people answer in Meta's own inbox: Facebook's and Instagram's. What any other app sent is a program's, ours
 * included (https://developers.facebook.com/docs/messenger-platform/handover-protocol/assign-app-roles).
 */
const INBOX_APPS = new Set(['263902037430900', '1217981644879628'])

type Fields = Omit<InboundMessage, 'channel' | 'account' | 'externalId' | 'from'>

/**
 * What one event of Messenger or Instagram says, never throwing. Ids of events are the message's `mid` with the kind of event.
 */
export function fromMessaging(event: unknown, arrival: Arrival): Reading {
  const { data: known } = knownEvent.safeParse(event)
  return known ? readKnown(known, arrival) : readUnknown(event, arrival)
}

/**
 * The same of an event that another app has to answer, for it controls the thread (`standby`): what people say is kept, and a
 * note before it silences the bot.
 */
export function fromStandby(event: unknown, arrival: Arrival): Reading {
  const read = fromMessaging(event, arrival)
  const messages = read.messages.flatMap((message) =>
    message.kind === 'echo'
      ? [message]
      : [heard(arrival, message.from.address, `standby:${message.externalId}`, 'echo', message.sentAt), message],
  )
  return { ...read, messages }
}

function readKnown(event: MessagingEvent, arrival: Arrival): Reading {
  if ('message' in event) return fromMessage(event.message, event, arrival)
  if ('delivery' in event) return reading({ receipts: receipts(event, event.delivery, 'delivered', arrival) })
  if ('read' in event) return reading({ receipts: receipts(event, event.read, 'read', arrival) })
  const { id, ...fields } = fieldsOf(event)
  return said(arrival, event, id, fields)
}

type Other = Exclude<MessagingEvent, { message: unknown } | { delivery: unknown } | { read: unknown }>

function fieldsOf(event: Other): Fields & { id: string } {
  const sentAt = event.timestamp
  const at = `${event.sender.id}:${sentAt.getTime()}`
  if ('postback' in event) {
    const { mid, payload } = event.postback
    const id = mid ? `${mid}:postback` : `postback:${at}:${payload}`
    return { id, ...pressOf(event.postback), sentAt, ...(mid && { providerId: mid }) }
  }
  if ('message_edit' in event) {
    const { mid, text, num_edit: edit } = event.message_edit
    return { id: `${mid}:edit:${edit ?? sentAt.getTime()}`, kind: 'edit', text, replyTo: mid, sentAt, providerId: mid }
  }
  if ('reaction' in event) {
    const { mid, action, emoji } = event.reaction
    const shown = action === 'react' && emoji ? { text: emoji } : {}
    return { id: `${mid}:${action}:${sentAt.getTime()}`, kind: 'reaction', ...shown, replyTo: mid, sentAt }
  }
  if ('referral' in event) {
    const { ref } = event.referral
    return { id: `referral:${at}`, kind: 'start', ...(ref && { text: ref }), sentAt }
  }
  // A person took the thread over in the platform's inbox, or is done there and gives it back.
  const taken = 'take_thread_control' in event
  return { id: `${taken ? 'thread' : 'returned'}:${at}`, kind: taken ? 'echo' : 'returned', sentAt }
}

function fromMessage(message: MetaMessage, event: MessagingEvent, arrival: Arrival): Reading {
  const { mid } = message
  const common = { sentAt: event.timestamp, providerId: mid }
  if (message.is_echo) return fromEcho(message, event, arrival)
  if (message.is_deleted) {
    return said(arrival, event, `${mid}:delete`, { kind: 'delete', replyTo: mid, sentAt: event.timestamp })
  }
  const replyTo = message.reply_to?.mid ?? message.reply_to?.story?.id
  return said(arrival, event, mid, { ...contentOf(message), ...(replyTo && { replyTo }), ...common })
}

/** What was sent to the person: nothing new when a program did it, else somebody answers in the platform's own inbox. */
function fromEcho(message: MetaMessage, event: MessagingEvent, arrival: Arrival): Reading {
  const { mid, app_id: app, metadata } = message
  if (metadata === OWN_METADATA) return reading({ ignored: ['an echo of our own message'] })
  if (app !== undefined && !INBOX_APPS.has(app)) return reading({ ignored: ['an echo of a program’s message'] })
  const echo = heard(arrival, event.recipient.id, `${mid}:echo`, 'echo', event.timestamp)
  const { text, media } = contentOf(message)
  return reading({ messages: [{ ...echo, ...(text && { text }), ...(media && { media }), providerId: mid }] })
}

function said(arrival: Arrival, event: MessagingEvent, externalId: string, fields: Fields): Reading {
  const { channel, account } = arrival
  return reading({ messages: [{ channel, account, externalId, from: { address: event.sender.id }, ...fields }] })
}

const heard = (
  { channel, account }: Arrival,
  address: string,
  externalId: string,
  kind: Content['kind'],
  sentAt: Date,
): InboundMessage => ({ channel, account, externalId, from: { address }, kind, sentAt })

/** Messenger tells a moment until which all is delivered or read, Instagram one message. */
function receipts(
  { sender, timestamp }: MessagingEvent,
  { mids, mid, watermark }: { mids?: string[] | undefined; mid?: string | undefined; watermark?: Date | undefined },
  status: 'delivered' | 'read',
  { channel, account }: Arrival,
): Receipt[] {
  const named = mids ?? (mid === undefined ? [] : [mid])
  if (named.length > 0) return named.map((providerId) => ({ channel, account, providerId, status }))
  return [{ channel, account, address: sender.id, until: watermark ?? timestamp, status }]
}

/** Events that say nothing to us, whoever caused them. */
const OF_NO_CONCERN = [
  'optin',
  'account_linking',
  'policy_enforcement',
  'app_roles',
  'request_thread_control',
  'response_feedback',
  'messaging_feedback',
  'template',
]

function readUnknown(event: unknown, { channel, account, self, now }: Arrival): Reading {
  const { data: any } = anyEvent.safeParse(event)
  if (!any || any.sender.id === self) return reading({ ignored: ['from nobody we could answer'] })
  const concern = OF_NO_CONCERN.find((name) => name in any)
  if (concern) return reading({ ignored: [concern] })
  const digest = createHash('sha256').update(JSON.stringify(event)).digest('base64url')
  const from = { address: any.sender.id }
  const sentAt = any.timestamp ?? now
  const message = { channel, account, externalId: `unknown:${digest}`, from, kind: 'unsupported', sentAt } as const
  return reading({ messages: [message] })
}
