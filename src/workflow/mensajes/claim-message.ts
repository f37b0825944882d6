import type { EntityManager } from '@mikro-orm/postgresql'
import type { OutboundMessage } from '../../channels/message.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** A message that this process alone may send now. */
export interface Claimed {
  id: number
  channel: string
  account: string
  to: string
  body: OutboundMessage
  attempts: number
  doubts: number
  severed: boolean
  blocked: boolean
  /** A member of the staff wrote it. */
  byStaff: boolean
  /** Milliseconds since the citizen last wrote; null when they never did. */
  silentMs: number | null
}

/** Why nothing was claimed: there is nothing or somebody else is sending, it waits until a moment, or its whole account is paused. */
export type NotClaimed =
  | { nothing: true }
  | { waitMs: number; id: number; channel: string; account: string }
  | { paused: true }

/** Seconds after which a claim that was not renewed is taken to be a dead process's. */
const CLAIM_SECONDS = 8

/** How often the claims of sends under way are renewed, in milliseconds. */
export const RENEW_CLAIMS_MS = 2_000

/** Says that the sends under way in this process are alive. */
export async function renewClaims(em: EntityManager, ids: number[]): Promise<void> {
  await sql(
    em,
    `update message set claimed_until = clock_timestamp() + make_interval(secs => $2) where id = any($1) and status = 'sending'`,
    [ids, CLAIM_SECONDS],
  )
}

/** The first pending message of a conversation, claimed or still waiting. */
interface Look extends Claimed {
  claimed: boolean
  /** It may go, but for its account. */
  paused: boolean
  /** Until it may go, at least one. */
  waitMs: number
}

const UNIQUE_VIOLATION = '23505'

/**
 * Claims the pending message with the lowest `seq` of a conversation, unless it waits for its hour, the conversation's
 * pause after the last send (milliseconds) is not over, another message of it is on its way, or its account is paused; `probing`
 * takes it all the same, to try whether the account works again.
 */
export async function claimMessage(
  em: EntityManager,
  conversationId: number,
  pauseMs: number,
  probing = false,
): Promise<Claimed | NotClaimed> {
  try {
    const look = await sqlOne<Look>(em, CLAIM, [conversationId, pauseMs, CLAIM_SECONDS, probing])
    if (!look) return { nothing: true }
    const { claimed, paused, waitMs, ...message } = look
    if (claimed) return message
    if (paused) return { paused }
    const { id, channel, account } = message
    return { id, channel, account, waitMs }
  } catch (error) {
    // message_sending: another process claimed one of this conversation between our look and our write.
    if (isUniqueViolation(error)) return { nothing: true }
    throw error
  }
}

/** How long the account's rate (messages a second) asks to wait; 0 when a send was taken out of it now. */
export async function takeRate(em: EntityManager, channel: string, account: string, rate: number): Promise<number> {
  if (rate <= 0) return 0
  const parameters = [channel, account, 1 / rate]
  if (await sqlOne(em, TAKE_RATE, parameters)) return 0
  const row = await sqlOne<{ waitMs: number }>(
    em,
    `select greatest(extract(epoch from next_send_at - clock_timestamp()) * 1000, 1)::float8 as "waitMs"
       from channel_state where channel = $1 and account = $2`,
    [channel, account],
  )
  return row?.waitMs ?? 1
}

/** The platform asked the whole account to wait so many seconds: nobody's send is taken out of its rate until then. */
export async function holdAccount(em: EntityManager, channel: string, account: string, seconds: number): Promise<void> {
  await sql(em, HOLD, [channel, account, seconds])
}

/** Gives a claimed message back, to be tried at `inMs` milliseconds from now; one that was not even tried keeps its attempts. */
export async function releaseMessage(
  em: EntityManager,
  id: number,
  { inMs, error, tried, doubt = false }: { inMs: number; error: string | null; tried: boolean; doubt?: boolean },
): Promise<void> {
  await sql(
    em,
    `update message
        set status = 'pending', claimed_until = null, error = $3, due_at = clock_timestamp() + make_interval(secs => $2),
            attempts = attempts - case when $4 then 0 else 1 end, doubts = doubts + case when $5 then 1 else 0 end
      where id = $1 and status = 'sending'`,
    [id, inMs / 1000, error, tried, doubt],
  )
}

const isUniqueViolation = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION

const LAST_SENT = `(select sent_at from message where conversation_id = $1 and direction = 'out' and sent_at is not null order by seq desc limit 1)`

// Another's claim is looked for in the same snapshot as the lowest seq: given back meanwhile, it must not be overtaken.
// Whoever loses the row to another between look and write looks again at once.
const CLAIM = `
with head as (
  select id, greatest(due_at, case when $2::float8 > 0 then ${LAST_SENT} + make_interval(secs => $2 / 1000) end) as due,
         exists (select from channel_state s where s.channel = message.channel and s.account = message.account and s.paused_at is not null) as paused
    from message
   where conversation_id = $1 and status = 'pending'
     and not exists (select from message s where s.conversation_id = $1 and s.status = 'sending')
   order by seq limit 1
), claimed as (
  update message m
     set status = 'sending', claimed_until = clock_timestamp() + make_interval(secs => $3), attempts = m.attempts + 1
    from head
   where m.id = head.id and m.status = 'pending' and coalesce(head.due, '-infinity') <= clock_timestamp()
     and ($4 or not head.paused)
  returning m.id, m.attempts
)
select claimed.id is not null as claimed, head.paused and coalesce(head.due, '-infinity') <= clock_timestamp() as paused, m.id, m.channel, m.account, a.external_id as "to", m.body,
       coalesce(claimed.attempts, m.attempts) as attempts, m.doubts,
       m.expires_at is not null as severed, a.blocked_at is not null as blocked,
       m.usuario_id is not null as "byStaff",
       (extract(epoch from clock_timestamp() - c.last_inbound_at) * 1000)::float8 as "silentMs",
       (extract(epoch from greatest(head.due - clock_timestamp(), interval '1 millisecond')) * 1000)::float8 as "waitMs"
  from head join message m on m.id = head.id join conversation c on c.id = m.conversation_id
  join address a on a.id = c.address_id left join claimed on true`

// GCRA with no burst: the next send is due one interval after this one.
const TAKE_RATE = `
insert into channel_state (channel, account, next_send_at) values ($1, $2, clock_timestamp() + make_interval(secs => $3))
on conflict (channel, account) do update
   set next_send_at = greatest(channel_state.next_send_at, clock_timestamp()) + make_interval(secs => $3)
 where channel_state.next_send_at <= clock_timestamp()
returning 1 as taken`

const HOLD = `
insert into channel_state (channel, account, next_send_at) values ($1, $2, clock_timestamp() + make_interval(secs => $3))
on conflict (channel, account) do update set next_send_at = greatest(channel_state.next_send_at, excluded.next_send_at)`
