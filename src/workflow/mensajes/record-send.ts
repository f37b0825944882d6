import type { EntityManager } from '@mikro-orm/postgresql'
import type { SendResult } from '../../channels/message.ts'
import type { SendError } from '../../channels/send-error.ts'
import type { OutboundStatus } from '../../conversation/stored-message.ts'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { closing } from './circuit.ts'
import type { Claimed } from './claim-message.ts'

/** Sends of unknown outcome that are tried once more; then a person has to look. */
const DOUBTS = 2

/** Milliseconds before the one more try of a send whose outcome is unknown. */
const DOUBT_PAUSE = 2_000

/** The platform has it, so the account works. A severed message is emptied now, unless the client reads our row. */
export async function recordSent(
  em: EntityManager,
  claim: Claimed,
  result: SendResult,
  readsRows: boolean,
): Promise<void> {
  const empty = claim.severed && !readsRows
  const row = await sqlOne<{ resumed: boolean }>(em, SENT, [
    claim.id,
    empty ? null : (result.providerId ?? null),
    empty,
    claim.channel,
    claim.account,
  ])
  if (row?.resumed) await publish(em, { topic: 'channel', channel: claim.channel, account: claim.account })
}

const SENT = `
with sent as (
  update message set status = 'sent', provider_id = $2, sent_at = clock_timestamp(), claimed_until = null, due_at = null, error = null,
         body = case when $3 then '{}'::jsonb else body end
   where id = $1 and status = 'sending'
), ${closing('$4', '$5')}
select resumed from closed`

/** What a failure needs to know of its message. */
export type Failing = Pick<Claimed, 'id' | 'channel' | 'account' | 'to' | 'blocked'>

/**
 * It will never go: staff see why, and the address is marked when the citizen does not want us. `from` are the states it may be in
 * (`sending`; or those of what the platform had taken, when it tells afterwards).
 */
export async function recordFailure(
  em: EntityManager,
  claim: Failing,
  error: SendError,
  from: readonly OutboundStatus[] = ['sending'],
): Promise<void> {
  await em.transactional(async (tx) => {
    const status = error.code === 'outside_window' ? 'waiting_window' : 'failed'
    await sql(
      tx,
      `update message set status = $2, claimed_until = null, due_at = null, error = $3 where id = $1 and status = any($4)`,
      [claim.id, status, `${error.code}: ${error.message}`, from],
    )
    if (error.code === 'blocked' && !claim.blocked) {
      await sql(
        tx,
        `update address set blocked_at = coalesce(blocked_at, now()), blocked_reason = $4 where channel = $1 and account = $2 and external_id = $3`,
        [claim.channel, claim.account, claim.to, error.providerCode ?? error.code],
      )
    }
    await publish(tx, { topic: 'undelivered', message: claim.id, channel: claim.channel })
  })
}

/** Nobody knows: one more try after a pause (its milliseconds are returned), then `ambiguous`, which lets the next message go. */
export async function recordDoubt(
  em: EntityManager,
  claim: Pick<Claimed, 'id' | 'doubts' | 'channel'>,
  reason: string,
): Promise<number | undefined> {
  const last = claim.doubts + 1 >= DOUBTS
  await sql(
    em,
    `update message set doubts = doubts + 1, claimed_until = null, error = $2, status = $3,
            due_at = case when $3 = 'pending' then clock_timestamp() + make_interval(secs => $4) end
      where id = $1 and status = 'sending'`,
    [claim.id, `outcome unknown: ${reason}`, last ? 'ambiguous' : 'pending', DOUBT_PAUSE / 1000],
  )
  if (!last) return DOUBT_PAUSE
  await publish(em, { topic: 'undelivered', message: claim.id, channel: claim.channel })
  return undefined
}
