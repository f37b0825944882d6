import type { Database } from '../runtime/database.ts'
import { sql } from '../runtime/sql.ts'
import { settleEarlyReceipts } from './mensajes/channel-rows.ts'
import { recordDoubt } from './mensajes/record-send.ts'

/** Rows found waiting whose wake-up call was lost, by what is to be done with them. */
export interface Found {
  turns: number[]
  sends: number[]
  outbox: number[]
  attachments: string[]
  discarded: string[]
}

/** Seconds a row may wait before it is taken to have been forgotten. */
const PATIENCE = 2

/** Seconds that the living get after a restart of the database to renew their claims. */
const RENEWAL = 8

type Idempotent = (channel: string, account: string) => boolean

/** As many of each kind as one sweep wakes; the next one follows soon. */
const MOST = 500

/**
 * Finds what a dead process, a lost job or an emptied queue left lying: rows are the truth, this is how they are found again.
 * Also frees the claims of the dead, and empties bodies whose time is over.
 * @param idempotent tells the channel accounts (as `channel/account`) where a send may be repeated freely.
 */
export async function sweep(database: Database, idempotent: Idempotent, renewal = RENEWAL): Promise<Found> {
  const em = database.fork()
  await freeClaims(database, idempotent, renewal)
  await sql(em, EMPTY_EXPIRED)
  await settleEarlyReceipts(database)
  const ids = async <Id>(text: string): Promise<Id[]> =>
    (await sql<{ id: Id }>(em, text, [PATIENCE, MOST])).map((row) => row.id)
  const found = {
    turns: await ids<number>(TURNS),
    sends: await ids<number>(SENDS),
    outbox: await ids<number>(OUTBOX),
    attachments: await ids<string>(ATTACHMENTS),
    discarded: await ids<string>(DISCARDED),
  }
  await sql(
    em,
    `insert into latido (tarea, at) values ('sweep', now()) on conflict (tarea) do update set at = excluded.at`,
  )
  return found
}

interface DeadClaim {
  id: number
  channel: string
  account: string
  doubts: number
}

/**
 * Whoever claimed these died: nobody knows whether the platform has them. After a restart of the database the living first get
 * the time to renew their claims; and a claim that is being renewed, sent or freed at this very moment is left to who holds its row.
 */
async function freeClaims(database: Database, idempotent: Idempotent, renewal: number): Promise<void> {
  await database.fork().transactional(async (em) => {
    for (const claim of await sql<DeadClaim>(em, DEAD_CLAIMS, [MOST, renewal])) {
      if (idempotent(claim.channel, claim.account)) await sql(em, TRY_AGAIN, [claim.id])
      else await recordDoubt(em, claim, 'the sending process ended')
    }
  })
}

const DEAD_CLAIMS = `
select id, channel, account, doubts from message
 where status = 'sending' and claimed_until < clock_timestamp()
   and pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => $2)
 limit $1 for no key update skip locked`

const TRY_AGAIN = `update message set status = 'pending', claimed_until = null, doubts = doubts + 1 where id = $1`

const EMPTY_EXPIRED = `update message set body = '{}'::jsonb, expires_at = null where expires_at < now() and status <> 'pending' and status <> 'sending'`

// Of each conversation the first one counts: what waits behind it cannot go before.
const TURNS = `
select id from (
  select distinct on (conversation_id) conversation_id as id, created_at, due_at from message
   where status = 'received' order by conversation_id, message.id
) first
 where case when due_at is null then created_at < now() - make_interval(secs => $1) else due_at <= now() end
 limit $2`

// Where an account is paused, one conversation at a time tries whether it works again: any one, for the same one's message may be
// what the platform cannot stand.
const SENDS = `
with waiting as (
  select first.id, first.channel, first.account, s.paused_at, s.probe_at from (
    select distinct on (conversation_id) conversation_id as id, channel, account, created_at, due_at from message
     where status = 'pending' order by conversation_id, seq
  ) first
    left join channel_state s on s.channel = first.channel and s.account = first.account
   where coalesce(first.due_at, first.created_at) < now() - make_interval(secs => $1)
)
(select id from waiting where paused_at is null limit $2)
union all
(select id from (
  select distinct on (channel, account) id from waiting
   where paused_at is not null and probe_at <= clock_timestamp() order by channel, account, random()
) probe)`

const OUTBOX = `select id from outbox where status = 'pending' and due_at < now() - make_interval(secs => $1) order by id limit $2`

const ATTACHMENTS = `
select id from attachment where status = 'pending'
   and case when due_at is null then created_at < now() - make_interval(secs => $1) else due_at < now() - make_interval(secs => $1) end
 limit $2`

const DISCARDED = `select id from attachment where status = 'discarded' and due_at < now() - make_interval(secs => $1) limit $2`
