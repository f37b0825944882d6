import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { AnyChannel } from '../channels/channel.ts'
import type { Delivery, SendResult } from '../channels/message.ts'
import { SendError, type SendErrorCode } from '../channels/send-error.ts'
import type { Database } from '../runtime/database.ts'
import { onceDatabaseIsBack } from '../runtime/database-away.ts'
import { type Claimed, claimMessage, holdAccount, releaseMessage, takeRate } from './claim-message.ts'
import { recordDoubt, recordFailure, recordSent } from './record-send.ts'

/** Milliseconds a platform may take for one call. */
const CALL_LIMIT = 20_000

/** Waits up to this many milliseconds happen in the process; longer ones are left to the queue. */
const SHORT_WAIT = 2_000

/** Failures that may pass are retried so often; the waits grow to a quarter of an hour, some six hours in all. */
const ATTEMPTS = 30

/** What sending needs. */
export interface SendDeps {
  database: Database
  log: Logger
  channelOf(channel: string, account: string): AnyChannel | undefined
  /** Messages a second of an account: the platform's, or what the settings say. */
  rateOf(channel: AnyChannel): number
  /** A message waits for its hour: let the account's queue wake it after `delay` milliseconds. */
  later(
    message: { id: number; channel: string; account: string; conversationId: number; attempt: number },
    delay: number,
  ): Promise<void>
  /** What became of a send, for the metrics. */
  sent(channel: string, result: 'sent' | 'retry' | 'failed' | 'ambiguous', milliseconds: number): void
  /** Sends under way in this process: their claims are renewed by whoever holds this set. */
  underway: Set<number>
}

/**
 * Sends what is pending in a conversation, one message at a time in the order of `seq`, until nothing can go now or `ending` aborts.
 * Resolves to the milliseconds after which to come back when that is soon.
 */
export async function sendPending(
  deps: SendDeps,
  conversationId: number,
  account: { channel: string; account: string },
  ending = new AbortController().signal,
): Promise<number | undefined> {
  const channel = deps.channelOf(account.channel, account.account)
  const pause = channel && deps.rateOf(channel) > 0 ? channel.limits.conversationPause : 0
  while (!ending.aborted) {
    const claim = await claimMessage(deps.database.fork(), conversationId, pause)
    if ('nothing' in claim) return undefined
    if ('waitMs' in claim) return comeBack(deps, conversationId, claim, claim.waitMs, 0)
    deps.underway.add(claim.id)
    const wait = await sendClaimed(deps, channel, claim, ending).finally(() => deps.underway.delete(claim.id))
    if (wait !== undefined) return comeBack(deps, conversationId, claim, wait, claim.attempts)
  }
  return undefined
}

async function comeBack(
  deps: SendDeps,
  conversationId: number,
  message: { id: number; channel: string; account: string },
  wait: number,
  attempt: number,
): Promise<number | undefined> {
  if (wait <= SHORT_WAIT) return wait
  await deps.later(
    { id: message.id, channel: message.channel, account: message.account, conversationId, attempt },
    wait,
  )
  return undefined
}

/** Milliseconds to wait when the message stays pending; undefined when the next one's turn has come. */
async function sendClaimed(
  deps: SendDeps,
  channel: AnyChannel | undefined,
  claim: Claimed,
  ending: AbortSignal,
): Promise<number | undefined> {
  const em = deps.database.fork()
  if (claim.blocked) return refuse(deps, claim, 'blocked', 'the citizen blocked us')
  if (!channel) return giveBack(em, claim, { inMs: 30_000, error: 'the channel is not configured', tried: false })
  const way = wayOf(claim, channel)
  if (!way) return refuse(deps, claim, 'outside_window', 'the citizen has to write first')
  const rate = deps.rateOf(channel)
  const wait = await onceDatabaseIsBack(() => takeRate(em, claim.channel, claim.account, rate))
  if (wait > 0) return giveBack(em, claim, { inMs: wait, error: null, tried: false })
  const began = performance.now()
  try {
    const result = await way(AbortSignal.any([ending, AbortSignal.timeout(CALL_LIMIT)]))
    await onceDatabaseIsBack(() => recordSent(em, claim, result, channel.limits.readsRows === true))
    deps.sent(claim.channel, 'sent', performance.now() - began)
    return undefined
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    return onceDatabaseIsBack(() => decide(deps, channel, claim, error, performance.now() - began))
  }
}

/** What the platform would refuse is not even tried. */
async function refuse(deps: SendDeps, claim: Claimed, code: SendErrorCode, reason: string): Promise<undefined> {
  await recordFailure(deps.database.fork(), claim, new SendError(code, reason, { retryable: false }))
  deps.sent(claim.channel, 'failed', 0)
}

type Way = (signal: AbortSignal) => Promise<SendResult>

/** How a message may go now; undefined when the channel's window is closed to it. */
function wayOf({ id, to, body, byStaff, silentMs }: Claimed, channel: AnyChannel): Way | undefined {
  const delivery: Delivery = { id: String(id), to, message: body, ...(byStaff && { byStaff }) }
  const { windowMs = Number.POSITIVE_INFINITY } = channel.limits
  const isOpen = (silentMs ?? Number.POSITIVE_INFINITY) <= windowMs
  return isOpen ? (signal) => channel.send(delivery, signal) : channel.outsideWindow?.(delivery)
}

async function giveBack(
  em: EntityManager,
  claim: Claimed,
  release: Parameters<typeof releaseMessage>[2],
): Promise<number> {
  await onceDatabaseIsBack(() => releaseMessage(em, claim.id, release))
  return release.inMs
}

/** The one place that decides what a failed send means. */
async function decide(
  deps: SendDeps,
  channel: AnyChannel,
  claim: Claimed,
  error: SendError,
  took: number,
): Promise<number | undefined> {
  const em = deps.database.fork()
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
  if (error.retryable && claim.attempts < ATTEMPTS) {
    deps.log.info(facts, 'a message is tried again later')
    deps.sent(claim.channel, 'retry', took)
    if (error.scope === 'account' && error.retryAfter !== undefined)
      await holdAccount(em, claim.channel, claim.account, error.retryAfter)
    const inMs = backoff(claim.attempts, error.retryAfter)
    return giveBack(em, claim, { inMs, error: `${error.code}: ${error.message}`, tried: true })
  }
  deps.log.warn(facts, 'a message could not be delivered')
  await recordFailure(em, claim, error)
  deps.sent(claim.channel, 'failed', took)
  return undefined
}

/** Milliseconds: what the platform asked for, else 1 s doubling to 15 minutes, with up to a quarter of jitter. */
export function backoff(attempts: number, retryAfter: number | undefined, random = Math.random): number {
  if (retryAfter !== undefined) return retryAfter * 1000 + 50
  return Math.min(1000 * 2 ** (attempts - 1), 900_000) * (1 + random() / 4)
}
