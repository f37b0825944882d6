import { defineEntity, p } from '@mikro-orm/postgresql'
import type { InboundMessage, MessageKind, OutboundMessage } from '../channels/message.ts'

export type InboundStatus = 'received' | 'handled' | 'refused' | 'failed'
export type OutboundStatus =
  | 'pending'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'ambiguous'
  | 'waiting_window'

/** The neutral message as stored: the columns beside it hold channel, account, id and kind. */
export type InboundBody = Omit<InboundMessage, 'channel' | 'account' | 'externalId' | 'sentAt'> & { sentAt: string }

const schema = defineEntity({
  name: 'Message',
  tableName: 'message',
  properties: {
    id: p.bigint('number').primary(),
    channel: p.text(),
    account: p.text(),
    externalId: p.text().nullable(),
    direction: p.text().$type<'in' | 'out'>(),
    conversationId: p.bigint('number'),
    seq: p.bigint('number').nullable(),
    kind: p.text().$type<MessageKind>(),
    /** InboundBody or OutboundMessage, by direction; `{}` once it was emptied. */
    body: p.json<Partial<InboundBody> | OutboundMessage>(),
    status: p.text().$type<InboundStatus | OutboundStatus>(),
    providerId: p.text().nullable(),
    attempts: p.integer().default(0),
    doubts: p.integer().default(0),
    dueAt: p.datetime().nullable(),
    claimedUntil: p.datetime().nullable(),
    error: p.text().nullable(),
    usuarioId: p.bigint('number').nullable(),
    expiresAt: p.datetime().nullable(),
    createdAt: p.datetime().onCreate(() => new Date()),
    handledAt: p.datetime().nullable(),
    sentAt: p.datetime().nullable(),
  },
})

/** A message as it lies in the database, in either direction. */
export class Message extends schema.class {}
schema.setClass(Message)
