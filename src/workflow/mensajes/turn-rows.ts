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

type OfAddress = Pick<LockedConversation, 'blocked' | 'ciudadanoId'> &
  Pick<ConversationState, 'avisoVersion' | 'profileName'>

/**
 * The messages of a conversation that wait for their turn, in the order in which they were stored; and the conversation with what its
 * address tells now: who waited for the lock was given that of before, for only the locked row is read anew.
 */
export async function receivedRows(
  em: EntityManager,
  locked: LockedConversation,
): Promise<{ conversation: LockedConversation; rows: ReceivedRow[] }> {
  const found = await sql<ReceivedRow & OfAddress>(em, RECEIVED, [locked.id, BATCH])
  const rows = found.map(({ blocked: _b, ciudadanoId: _c, avisoVersion: _a, profileName: _p, ...row }) => row)
  const [first] = found
  if (!first) return { conversation: locked, rows }
  const { blocked, ciudadanoId, avisoVersion, profileName } = first
  return {
    conversation: { ...locked, blocked, ciudadanoId, state: { ...locked.state, avisoVersion, profileName } },
    rows,
  }
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
select m.id, m.external_id as "externalId", m.kind, m.body, m.attempts, m.due_at as "dueAt", m.created_at as "createdAt",
       a.blocked_at is not null as blocked, a.ciudadano_id as "ciudadanoId", a.aviso_version as "avisoVersion", a.name as "profileName"
  from message m join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
 where m.conversation_id = $1 and m.status = 'received' order by m.id limit $2`
