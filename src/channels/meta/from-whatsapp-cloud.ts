import { phoneOfDigits } from '../../runtime/phone.ts'
import type { Receipt } from '../channel.ts'
import type { InboundMessage, Sender } from '../message.ts'
import { classifyGraphError, statusErrorIn } from './graph-errors.ts'
import { type Arrival, joinReadings, type Reading, reading } from './reading.ts'
import { contentOf } from './whatsapp-content.ts'
import {
  anyMessage,
  anyStatus,
  change,
  contact,
  type WhatsAppContact,
  type WhatsAppMessage,
} from './whatsapp-events.ts'

/**
 * What one change of a WhatsApp number says, never throwing. People are known by their id for this business (BSUID) where there is
 * one: the telephone may be absent, and may change.
 */
export function fromWhatsAppCloud(given: unknown, arrival: Arrival): Reading {
  const { data } = change.safeParse(given)
  if (!data) return reading({ ignored: ['not a change'] })
  const { contacts, messages, message_echoes: echoes, statuses } = data.value
  const people = contacts.flatMap((one) => contact.safeParse(one).data ?? [])
  const all = joinReadings([
    ...messages.map((message) => fromMessage(message, people, arrival)),
    ...echoes.map((message) => fromEcho(message, arrival)),
    ...statuses.map((status) => fromStatus(status, arrival)),
  ])
  const nothing = all.messages.length + all.receipts.length + all.ignored.length === 0
  return nothing ? reading({ ignored: [`a change of ${data.field.slice(0, 60)}`] }) : all
}

function fromMessage(given: unknown, people: WhatsAppContact[], { channel, account, now }: Arrival): Reading {
  const { data: message } = anyMessage.safeParse(given)
  const from = message && senderOf(message, people)
  if (!message || !from) return reading({ ignored: ['from nobody we could answer'] })
  if (message.group_id !== undefined) return reading({ ignored: ['in a group'] })
  if (message.type === 'system') return reading({ ignored: ['a change of number'] })
  const replyTo = message.context?.id
  const neutral: InboundMessage = {
    channel,
    account,
    externalId: `${message.type}:${message.id}`,
    from,
    ...(replyTo && { replyTo }),
    ...contentOf(message),
    sentAt: message.timestamp ?? now,
    providerId: message.id,
  }
  return reading({ messages: [neutral] })
}

function senderOf({ from, from_user_id: user }: WhatsAppMessage, people: WhatsAppContact[]): Sender | undefined {
  const profile =
    people.find((one) => (user !== undefined && one.user_id === user) || (from !== undefined && one.wa_id === from)) ??
    (people.length === 1 ? people[0] : undefined)
  const address = user ?? profile?.user_id ?? from
  const name = profile?.profile?.name
  const phone = phoneOfDigits(profile?.wa_id ?? from ?? '')
  return address ? { address, ...(name && { name }), ...(phone && { phone }) } : undefined
}

/** What somebody of ours answered in the WhatsApp Business app on the same number. */
function fromEcho(given: unknown, { channel, account, now }: Arrival): Reading {
  const { data: message } = anyMessage.safeParse(given)
  const address = message?.to_user_id ?? message?.to
  if (!message || !address) return reading({ ignored: ['an echo to nobody'] })
  const { text, media } = contentOf(message)
  const echo: InboundMessage = {
    channel,
    account,
    externalId: `echo:${message.id}`,
    from: { address },
    kind: 'echo',
    ...(text && { text }),
    ...(media && { media }),
    sentAt: message.timestamp ?? now,
    providerId: message.id,
  }
  return reading({ messages: [echo] })
}

const STATUSES: Record<string, 'delivered' | 'read'> = { delivered: 'delivered', read: 'read', played: 'read' }

function fromStatus(given: unknown, { channel, account }: Arrival): Reading {
  const { data } = anyStatus.safeParse(given)
  if (!data) return reading({ ignored: ['a status of nothing'] })
  const common = { channel, account, providerId: data.id }
  if (data.status === 'failed') {
    const error = classifyGraphError(statusErrorIn(data.errors[0]), 400)
    return reading({ receipts: [{ ...common, status: 'failed', error }] })
  }
  const status = STATUSES[data.status]
  const receipts: Receipt[] = status ? [{ ...common, status }] : []
  return reading({ receipts, ...(!status && { ignored: [`the status ${data.status.slice(0, 60)}`] }) })
}
