import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql } from '../../runtime/sql.ts'
import type { LockedConversation, ReceivedRow } from './turn-rows.ts'

/** What is left to have a turn, in a conversation that may be a person's from now on. */
interface AfterEchoes {
  conversation: LockedConversation
  rows: ReceivedRow[]
  /** Milliseconds after which to look again: an echo came while we were sending, and may be that message's. */
  again?: number
}

const LOOK_AGAIN = 250

/**
 * Somebody of ours answered in the platform's own app: what they said is kept as said by us, and the bot is silent from now on,
 * before it answers anything that waits. Echoes of what we sent ourselves are dropped: their message is a row already.
 */
export async function takeEchoes(
  em: EntityManager,
  conversation: LockedConversation,
  rows: ReceivedRow[],
): Promise<AfterEchoes> {
  const echoes = rows.filter((row) => row.kind === 'echo')
  if (echoes.length === 0) return { conversation, rows }
  const judged = await sql<{ id: number; whose: 'ours' | 'unknown' | 'staff' }>(em, WHOSE, [
    conversation.id,
    echoes.map(({ id }) => id),
  ])
  const are = (whose: string) => new Set(judged.filter((one) => one.whose === whose).map(({ id }) => id))
  const ours = are('ours')
  const staff = are('staff')
  if (ours.size > 0) await sql(em, 'delete from message where id = any($1)', [[...ours]])
  const said = echoes.filter(({ id }) => staff.has(id))
  const rest = rows.filter((row) => row.kind !== 'echo')
  return {
    conversation: said.length > 0 ? await handOver(em, conversation, said) : conversation,
    rows: rest,
    ...(echoes.length > ours.size + staff.size && { again: LOOK_AGAIN }),
  }
}

async function handOver(
  em: EntityManager,
  conversation: LockedConversation,
  said: ReceivedRow[],
): Promise<LockedConversation> {
  const lastSeq = conversation.lastSeq + said.length
  const kept = said.map(({ id, body: { text, media } }, index) => ({
    id,
    seq: conversation.lastSeq + index + 1,
    body: { ...(text && { text }), ...(media && { media }) },
  }))
  await sql(em, HAND_OVER, [conversation.id, storableJson(kept), lastSeq])
  const { channel, address } = conversation
  await publish(em, { topic: 'turn', conversation: conversation.id, channel, address })
  return { ...conversation, lastSeq, state: { ...conversation.state, mode: 'human' } }
}

// Ours when a send of ours has its id; or may have it: one that was emptied with its id, or of which nobody knows whether it went.
// What is being sent right now tells its id in a moment. An echo without an id is no message, but tells that somebody took over.
const WHOSE = `
select e.id, case
    when e.provider_id is null then 'staff'
    when bool_or(o.provider_id = e.provider_id
      or (o.provider_id is null and o.body = '{}'::jsonb and abs(extract(epoch from o.sent_at - (e.body->>'sentAt')::timestamptz)) < 120)
      or (o.provider_id is null and o.doubts > 0 and o.body->>'text' = e.body->>'text')) then 'ours'
    when bool_or(o.status = 'sending') then 'unknown'
    else 'staff' end as whose
  from message e left join message o on o.conversation_id = $1 and o.direction = 'out'
 where e.id = any($2)
 group by e.id`

// With words or files of its own it is a message of ours; without, only the note that it happened.
const HAND_OVER = `
with kept as (
  update message m
     set direction = case when x.body = '{}'::jsonb then 'in' else 'out' end,
         status = case when x.body = '{}'::jsonb then 'handled' else 'sent' end,
         seq = x.seq, handled_at = clock_timestamp(), sent_at = clock_timestamp(),
         body = case when x.body = '{}'::jsonb then m.body else x.body end
    from jsonb_to_recordset($2::jsonb) as x(id bigint, seq bigint, body jsonb)
   where m.id = x.id
)
update conversation set last_seq = $3, mode = 'human', human_since = coalesce(human_since, now()) where id = $1`
