import type { EntityManager } from '@mikro-orm/postgresql'
import type { InboundMessage, MessageKind } from '../../channels/message.ts'
import type { ConversationState } from '../../conversation/state.ts'
import type { InboundBody } from '../../conversation/stored-message.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** The conversation whose turn it is, with what its address tells, as the lock found them. */
export interface LockedConversation {
  id: number
  addressId: number
  channel: string
  account: string
  address: string
  ciudadanoId: number | null
  lastSeq: number
  blocked: boolean
  now: Date
  state: ConversationState
}

/** A received message as it waits for its turn. */
export interface ReceivedRow {
  id: number
  externalId: string
  kind: MessageKind
  body: InboundBody
  attempts: number
  dueAt: Date | null
  createdAt: Date
}

/** How many messages one transaction takes; the rest waits for the next. */
const BATCH = 50

type Row = Omit<LockedConversation, 'state'> & ConversationState

/** Locks the conversation against other turns, not against arriving messages. */
export async function lockConversation(em: EntityManager, id: number): Promise<LockedConversation | undefined> {
  const row = await sqlOne<Row>(em, LOCK, [id])
  if (!row) return undefined
  const { mode, flow, flowVersion, step, answers, drafts, misses, locale, avisoVersion, profileName, ...rest } = row
  return {
    ...rest,
    state: { mode, flow, flowVersion, step, answers, drafts, misses, locale, avisoVersion, profileName },
  }
}

/** The messages of a conversation that wait for their turn, in the order in which they were stored. */
export function receivedRows(em: EntityManager, conversationId: number): Promise<ReceivedRow[]> {
  return sql<ReceivedRow>(em, RECEIVED, [conversationId, BATCH])
}

/** The neutral message again, as the adapter made it. */
export function toInboundMessage(conversation: LockedConversation, row: ReceivedRow): InboundMessage {
  const { channel, account } = conversation
  return { ...row.body, channel, account, externalId: row.externalId, sentAt: new Date(row.body.sentAt) }
}

const LOCK = `
select c.id, c.address_id as "addressId", a.channel, a.account, a.external_id as address, a.ciudadano_id as "ciudadanoId",
       c.last_seq as "lastSeq", a.blocked_at is not null as blocked, clock_timestamp() as now,
       c.mode, c.flow, c.flow_version as "flowVersion", c.step, c.answers, c.drafts, c.misses, c.locale,
       a.aviso_version as "avisoVersion", a.name as "profileName"
  from conversation c join address a on a.id = c.address_id
 where c.id = $1 for no key update of c`

const RECEIVED = `
select id, external_id as "externalId", kind, body, attempts, due_at as "dueAt", created_at as "createdAt"
  from message where conversation_id = $1 and status = 'received' order by id limit $2`
