import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import { initialState } from '../../conversation/memory.ts'
import type { ConversationState } from '../../conversation/state.ts'
import { publish } from '../../runtime/events.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql } from '../../runtime/sql.ts'
import { sever } from './sever.ts'
import type { LockedConversation, ReceivedRow } from './turn-rows.ts'

/** What the turns of one transaction want written. */
export interface Outcome {
  state: ConversationState
  /** In order: the rows of a turn, then its replies. */
  turns: {
    rows: ReceivedRow[]
    replies: OutboundMessage[]
    redact: boolean
    failure?: { attempts: number; reason: string } | undefined
  }[]
  retry?: { rows: ReceivedRow[]; attempts: number; seconds: number; reason: string }
  attachments: string[]
  blocked?: boolean
  severSince?: Date
  /** Messages that had waited for the citizen to write, and may go now. */
  released: number
}

/** Nothing done yet. */
export const emptyTurn = (): Outcome => ({ state: initialState(), turns: [], attachments: [], released: 0 })

/** Replies that must not outlive their reading are emptied this long after they were written, where the client reads our rows. */
const SEVERED_MINUTES = 15

/**
 * Numbers what was said on both sides, stores the replies and the conversation's next state, in one statement. On a channel with a
 * window, what waited for the citizen's next message is sent before the replies.
 */
export async function writeOutcome(
  em: EntityManager,
  conversation: LockedConversation,
  outcome: Outcome,
  hasWindow = false,
): Promise<void> {
  if (outcome.retry) await postpone(em, outcome.retry)
  if (outcome.turns.length === 0) return
  const { inbound, outbound, lastSeq } = numbered(conversation, outcome)
  const { state } = outcome
  await sql(em, WRITE, [
    conversation.id,
    storableJson(inbound),
    storableJson(outbound),
    conversation.channel,
    conversation.account,
    outcome.severSince ? SEVERED_MINUTES : null,
    lastSeq,
    state.mode,
    state.flow,
    state.flowVersion,
    state.step,
    storableJson(state.answers),
    storableJson(state.drafts),
    state.misses,
    state.locale,
    heardAt(conversation, outcome),
  ])
  if (hasWindow) outcome.released = (await sql(em, RELEASE, [conversation.id])).length
  if (outcome.severSince) await sever(em, conversation.id, outcome.severSince)
  if (outcome.blocked !== undefined || conversation.blocked)
    await markBlocked(em, conversation, outcome.blocked === true)
  await publish(em, {
    topic: 'turn',
    conversation: conversation.id,
    channel: conversation.channel,
    address: conversation.address,
  })
}

function numbered(conversation: LockedConversation, outcome: Outcome) {
  let seq = conversation.lastSeq
  const inbound: {
    id: number
    seq: number
    status: string
    attempts: number
    error: string | null
    redact: boolean
  }[] = []
  const outbound: { seq: number; kind: string; body: OutboundMessage }[] = []
  for (const { rows, replies, redact, failure } of outcome.turns) {
    const status = failure ? 'failed' : 'handled'
    for (const row of rows) {
      const attempts = failure?.attempts ?? row.attempts
      inbound.push({ id: row.id, seq: ++seq, status, attempts, error: failure?.reason ?? null, redact })
    }
    for (const body of replies) outbound.push({ seq: ++seq, kind: body.media?.kind ?? 'text', body })
  }
  return { inbound, outbound, lastSeq: seq }
}

/** Kinds that no platform counts as being written to. */
const NOT_HEARD = new Set(['delete', 'blocked', 'unblocked', 'returned'])

/** When the citizen last said something, by the platform's clock where it is behind ours: a delivery may be hours late. */
function heardAt({ now }: LockedConversation, { turns }: Outcome): Date | null {
  const moments = turns
    .flatMap(({ rows }) => rows)
    .filter((row) => !NOT_HEARD.has(row.kind))
    .map((row) => Math.min(Date.parse(row.body.sentAt), now.getTime()))
  return moments.length > 0 ? new Date(Math.max(...moments)) : null
}

async function postpone(em: EntityManager, retry: NonNullable<Outcome['retry']>): Promise<void> {
  await sql(
    em,
    `update message set attempts = $2, error = $3, due_at = clock_timestamp() + make_interval(secs => $4) where id = any($1)`,
    [retry.rows.map((row) => row.id), retry.attempts, retry.reason, retry.seconds],
  )
}

async function markBlocked(em: EntityManager, conversation: LockedConversation, blocked: boolean): Promise<void> {
  await sql(
    em,
    `update address set blocked_at = case when $2 then now() end, blocked_reason = case when $2 then 'blocked_by_citizen' end where id = $1`,
    [conversation.addressId, blocked],
  )
}

const WRITE = `
with handled as (
  update message m
     set status = x.status, seq = x.seq, attempts = x.attempts, error = x.error, handled_at = clock_timestamp(), due_at = null,
         body = case when x.redact then '{}'::jsonb else m.body end
    from jsonb_to_recordset($2::jsonb) as x(id bigint, seq bigint, status text, attempts int, error text, redact boolean)
   where m.id = x.id
), replies as (
  insert into message (channel, account, direction, conversation_id, seq, kind, body, status, expires_at)
  select $4, $5, 'out', $1, x.seq, x.kind, x.body, 'pending', now() + make_interval(mins => $6)
    from jsonb_to_recordset($3::jsonb) as x(seq bigint, kind text, body jsonb)
)
update conversation
   set last_seq = $7, mode = $8, flow = $9, flow_version = $10, step = $11, answers = $12::jsonb, drafts = $13::jsonb,
       misses = $14, locale = $15, last_inbound_at = greatest(last_inbound_at, $16::timestamptz), ended_at = null,
       human_since = case when $8 = 'human' then coalesce(human_since, now()) end,
       assigned_to = case when $8 = 'human' then assigned_to end
 where id = $1`

// What an anonymous report's time has emptied says nothing any more.
const RELEASE = `
update message set status = 'pending', attempts = 0, due_at = null, error = null
 where conversation_id = $1 and status = 'waiting_window' and body <> '{}'::jsonb
returning id`
