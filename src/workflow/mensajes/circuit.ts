import type { EntityManager } from '@mikro-orm/postgresql'
import type { SendError } from '../../channels/send-error.ts'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** One account of a channel. */
export interface Account {
  channel: string
  account: string
}

/**
 * What a failed send says of its account: it is `down` whoever is written to; it is `doubtful` (no answer, or an answer that is
 * the platform's own failure); it `works`, for it refused this one message; or it says `nothing`.
 */
export type Verdict = 'down' | 'doubtful' | 'works' | 'nothing'

const VERDICTS: Record<SendError['code'], Verdict> = {
  unauthorized: 'down',
  not_connected: 'down',
  timeout: 'doubtful',
  unavailable: 'doubtful',
  blocked: 'works',
  invalid: 'works',
  outside_window: 'works',
  // The account is held for as long as the platform asks, and not down.
  throttled: 'nothing',
  unknown: 'nothing',
}

/** What to think of the account after this failure; only what concerns all of it can say that it is down. */
export function verdictOf({ code, scope }: Pick<SendError, 'code' | 'scope'>): Verdict {
  const verdict = VERDICTS[code]
  return verdict === 'down' && scope !== 'account' ? 'nothing' : verdict
}

/** Doubtful failures in a row, and of how many conversations, after which the account is taken to be down. */
const FAILURES = 5
const CONVERSATIONS = 2

/** Seconds until the first try whether it works again, doubled each time, up to the longest. */
const FIRST_PROBE = 10
const LONGEST_PROBE = 300

/** Seconds for which one process alone may try: longer than a platform may take for one call. */
const PROBE_TURN = 30

/** A failure that says that its account is down, or may be. */
export interface AccountFailure {
  conversationId: number
  error: SendError
  /** It was the try whether a paused account works again. */
  probing: boolean
}

/**
 * Notes such a failure, opens the circuit when it is enough, and puts the next try off when it was one.
 * @returns whether the account's sends wait now.
 */
export async function noteAccountFailure(
  em: EntityManager,
  { channel, account }: Account,
  { conversationId, error, probing }: AccountFailure,
): Promise<boolean> {
  await sql(em, 'insert into channel_state (channel, account) values ($1, $2) on conflict do nothing', [
    channel,
    account,
  ])
  const row = await sqlOne<{ paused: boolean; told: boolean }>(em, FAIL, [
    channel,
    account,
    conversationId,
    error.code,
    error.message,
    probing,
    verdictOf(error) === 'down',
    // A request that never left us cannot be the fault of one message.
    error.scope === 'account' ? 1 : CONVERSATIONS,
    FAILURES,
    error.retryAfter ?? null,
    FIRST_PROBE,
    LONGEST_PROBE,
  ])
  if (row?.told) await publish(em, { topic: 'channel', channel, account })
  return row?.paused === true
}

/** The platform answered as one does that works: failures are forgotten, and sends that wait may go. */
export async function noteAccountWorks(em: EntityManager, { channel, account }: Account): Promise<void> {
  const row = await sqlOne<{ resumed: boolean }>(em, `with ${closing('$1', '$2')} select resumed from closed`, [
    channel,
    account,
  ])
  if (row?.resumed) await publish(em, { topic: 'channel', channel, account })
}

/** Whether this process may try now whether a paused account works again; no other may for a while. */
export async function takeProbe(em: EntityManager, { channel, account }: Account): Promise<boolean> {
  return (await sqlOne(em, PROBE, [channel, account, PROBE_TURN])) !== undefined
}

/** Somebody repaired it: the next message may try at once, and the platform is asked anew. */
export async function probeNow(em: EntityManager, { channel, account }: Account): Promise<void> {
  await sql(
    em,
    `update channel_state set probe_at = case when paused_at is not null then clock_timestamp() end, checked_at = null
      where channel = $1 and account = $2`,
    [channel, account],
  )
}

/** A CTE `closed` that closes the circuit of an account, named by two parameters, and writes nothing when all is well. */
export const closing = (channel: string, account: string): string => `
was as (
  select channel, account, paused_at from channel_state
   where channel = ${channel} and account = ${account} and (failures > 0 or paused_at is not null) for update
), closed as (
  update channel_state s set failures = 0, failing = '{}', paused_at = null, probe_at = null, probes = 0
    from was where s.channel = was.channel and s.account = was.account
  returning was.paused_at is not null as resumed
)`

// Only a try moves the next one: what was under way when the circuit opened says nothing new.
const FAIL = `
with was as (
  select *, failures + 1 as many,
         case when $3::bigint = any(failing) or cardinality(failing) >= $8 then failing else failing || $3::bigint end as whose,
         probes + case when paused_at is not null and $6 then 1 else 0 end as tries
    from channel_state where channel = $1 and account = $2 for update
), judged as (
  select *, paused_at is not null as open, $7 or (many >= $9 and cardinality(whose) >= $8) as enough from was
)
update channel_state s
   set failures = j.many, failing = j.whose, probes = j.tries,
       error_code = $4, error = $5, error_at = clock_timestamp(),
       paused_at = case when j.open then j.paused_at when j.enough then clock_timestamp() end,
       probe_at = case
         when j.open and not $6 then j.probe_at
         when j.open or j.enough then clock_timestamp() + make_interval(secs =>
           coalesce($10::float8, least($11 * 2 ^ least(j.tries, 20), $12) * (0.9 + random() / 5)))
       end
  from judged j
 where s.channel = j.channel and s.account = j.account
returning s.paused_at is not null as paused, (j.open and $6) or (j.enough and not j.open) as told`

const PROBE = `
update channel_state set probe_at = clock_timestamp() + make_interval(secs => $3)
 where channel = $1 and account = $2 and paused_at is not null and probe_at <= clock_timestamp()
returning 1 as taken`
