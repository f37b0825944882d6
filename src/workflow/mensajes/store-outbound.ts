import type { EntityManager } from '@mikro-orm/postgresql'
import type { ChannelLimits } from '../../channels/channel.ts'
import type { OutboundMessage } from '../../channels/message.ts'
import { splitMessage } from '../../channels/split-message.ts'
import { publish } from '../../runtime/events.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** What may be said of the messages beside their content. */
export interface StoreOptions {
  /** The member of the staff who wrote them. */
  usuarioId?: number | undefined
  /** The outbox row whose notice they are. */
  outboxId?: number | undefined
}

/**
 * Writes messages to be sent, in order, at the end of their conversation, in the transaction of `em`; gives the rows' ids.
 * After the commit the caller wakes the sender.
 */
export type StoreOutbound = (
  em: EntityManager,
  conversationId: number,
  messages: OutboundMessage[],
  options?: StoreOptions,
) => Promise<number[]>

/** The limits of a channel account, also of one that is not connected now. */
export type LimitsOf = (channel: string, account: string) => ChannelLimits

interface Line {
  channel: string
  account: string
  address: string
  lastSeq: number
}

/** Splits by the channel's limits, takes the conversation's lock and its next numbers. */
export function createStoreOutbound(limitsOf: LimitsOf): StoreOutbound {
  return async (em, conversationId, messages, options = {}) => {
    const line = await lockLine(em, conversationId)
    const parts = messages.flatMap((message) => splitMessage(message, limitsOf(line.channel, line.account)))
    if (parts.length === 0) return []
    const rows = parts.map((body, index) => ({ body, kind: body.media?.kind ?? 'text', seq: line.lastSeq + index + 1 }))
    const stored = await sql<{ id: number }>(em, INSERT, [
      conversationId,
      line.channel,
      line.account,
      storableJson(rows),
      options.usuarioId ?? null,
      line.lastSeq + rows.length,
      options.outboxId ?? null,
    ])
    await publish(em, { topic: 'turn', conversation: conversationId, channel: line.channel, address: line.address })
    return stored.map((row) => row.id)
  }
}

// FOR NO KEY UPDATE lets an arriving message's foreign key be checked while we hold the lock; FOR UPDATE would not.
async function lockLine(em: EntityManager, conversationId: number): Promise<Line> {
  const line = await sqlOne<Line>(
    em,
    `select a.channel, a.account, a.external_id as address, c.last_seq as "lastSeq"
       from conversation c join address a on a.id = c.address_id where c.id = $1 for no key update of c`,
    [conversationId],
  )
  if (!line) throw new Error(`conversation ${conversationId} does not exist`)
  return line
}

const INSERT = `
with line as (
  update conversation set last_seq = $6 where id = $1
), stored as (
  insert into message (channel, account, direction, conversation_id, seq, kind, body, status, usuario_id, outbox_id)
  select $2, $3, 'out', $1, seq, kind, body, 'pending', $5, $7
    from jsonb_to_recordset($4::jsonb) as x(seq bigint, kind text, body jsonb)
  returning id, seq
)
select id from stored order by seq`
