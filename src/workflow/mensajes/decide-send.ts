import type { EntityManager } from '@mikro-orm/postgresql'
import type { AnyChannel } from '../../channels/channel.ts'
import type { SendError } from '../../channels/send-error.ts'
import { noteAccountFailure, noteAccountWorks, verdictOf } from './circuit.ts'
import { type Claimed, holdAccount, releaseMessage } from './claim-message.ts'
import { recordDoubt, recordFailure } from './record-send.ts'
import type { SendDeps } from './send-message.ts'

/** Failures that may pass are retried so often; the waits grow to a quarter of an hour, some six hours in all. */
const ATTEMPTS = 30

/** A send that failed. */
export interface FailedSend {
  claim: Claimed
  conversationId: number
  error: SendError
  /** It was the try whether a paused account works again. */
  probing: boolean
  /** Milliseconds that the platform took. */
  took: number
}

/**
 * The one place that decides what a failed send means, for its message and for its account.
 * @returns milliseconds to wait when the message stays pending; undefined when the next one's turn has come.
 */
export async function decide(deps: SendDeps, channel: AnyChannel, failed: FailedSend): Promise<number | undefined> {
  const { claim, error, took } = failed
  const em = deps.database.fork()
  const paused = await judgeAccount(deps, em, failed)
  const facts = {
    message: claim.id,
    channel: claim.channel,
    code: error.code,
    providerCode: error.providerCode,
    attempts: claim.attempts,
  }
  if (error.outcomeUnknown && !channel.limits.idempotentSend) {
    deps.log.warn(facts, 'nobody knows whether a message arrived')
    const again = await recordDoubt(em, claim, error.message)
    deps.sent(claim.channel, again === undefined ? 'ambiguous' : 'retry', took)
    return again
  }
  if (paused || (error.retryable && claim.attempts < ATTEMPTS)) {
    deps.log.info(facts, 'a message is tried again later')
    deps.sent(claim.channel, 'retry', took)
    // What the account is to blame for is no attempt of the message's.
    const inMs = paused ? 0 : backoff(claim.attempts, error.retryAfter)
    const reason = `${error.code}: ${error.message}`
    await releaseMessage(em, claim.id, { inMs, error: reason, tried: !paused, doubt: error.outcomeUnknown })
    return inMs
  }
  deps.log.warn(facts, 'a message could not be delivered')
  await recordFailure(em, claim, error)
  deps.sent(claim.channel, 'failed', took)
  return undefined
}

/** Whether the sends of the whole account wait now, until one of them shows that it works again. */
async function judgeAccount(deps: SendDeps, em: EntityManager, failed: FailedSend): Promise<boolean> {
  const { claim, error } = failed
  const { channel, account } = claim
  const verdict = verdictOf(error)
  if (verdict === 'works') await noteAccountWorks(em, claim)
  if (error.code === 'throttled' && error.scope === 'account')
    await holdAccount(em, channel, account, backoff(claim.attempts, error.retryAfter) / 1000)
  if (verdict !== 'down' && verdict !== 'doubtful') return false
  const paused = await noteAccountFailure(em, claim, failed)
  if (paused)
    deps.log.error(
      { channel, account, code: error.code, providerCode: error.providerCode },
      'the account does not work',
    )
  return paused
}

/** Milliseconds: what the platform asked for, else 1 s doubling to 15 minutes, with up to a quarter of jitter. */
export function backoff(attempts: number, retryAfter: number | undefined, random = Math.random): number {
  if (retryAfter !== undefined) return retryAfter * 1000 + 50
  return Math.min(1000 * 2 ** (attempts - 1), 900_000) * (1 + random() / 4)
}
