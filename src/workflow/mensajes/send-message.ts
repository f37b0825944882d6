import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { AnyChannel } from '../../channels/channel.ts'
import type { Delivery, SendResult } from '../../channels/message.ts'
import { SendError, type SendErrorCode } from '../../channels/send-error.ts'
import type { Database } from '../../runtime/database.ts'
import { onceDatabaseIsBack } from '../../runtime/database-away.ts'
import { type Account, noteAccountFailure, takeProbe, verdictOf } from './circuit.ts'
import { type Claimed, claimMessage, releaseMessage, takeRate } from './claim-message.ts'
import { decide } from './decide-send.ts'
import { recordFailure, recordSent } from './record-send.ts'

/** Milliseconds a platform may take for one call. */
const CALL_LIMIT = 20_000

/** Waits up to this many milliseconds happen in the process; longer ones are left to the queue. */
const SHORT_WAIT = 2_000

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
 * Where the whole account is paused, at most one goes, to try whether it works again.
 * Resolves to the milliseconds after which to come back when that is soon.
 */
export async function sendPending(
  deps: SendDeps,
  conversationId: number,
  account: Account,
  ending = new AbortController().signal,
): Promise<number | undefined> {
  const channel = deps.channelOf(account.channel, account.account)
  const pause = channel && deps.rateOf(channel) > 0 ? channel.limits.conversationPause : 0
  for (let probing = false; !ending.aborted; ) {
    const claim = await claimMessage(deps.database.fork(), conversationId, pause, probing)
    if ('nothing' in claim) return undefined
    if ('paused' in claim) {
      if (!channel || !(await mayProbe(deps, channel, account, conversationId, ending))) return undefined
      probing = true
      continue
    }
    if ('waitMs' in claim) return comeBack(deps, conversationId, claim, claim.waitMs, 0)
    deps.underway.add(claim.id)
    const send = { claim, conversationId, probing }
    const wait = await sendClaimed(deps, channel, send, ending).finally(() => deps.underway.delete(claim.id))
    if (wait !== undefined) return comeBack(deps, conversationId, claim, wait, claim.attempts)
    probing = false
  }
  return undefined
}

/** It is this process's turn to try, and the platform, if it can be asked without sending anything, does not say no already. */
async function mayProbe(
  deps: SendDeps,
  channel: AnyChannel,
  account: Account,
  conversationId: number,
  ending: AbortSignal,
): Promise<boolean> {
  if (!(await takeProbe(deps.database.fork(), account))) return false
  try {
    await channel.check?.(AbortSignal.any([ending, AbortSignal.timeout(CALL_LIMIT)]))
    return true
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    const verdict = verdictOf(error)
    // Who cannot be asked so may well work.
    if (verdict !== 'down' && verdict !== 'doubtful') return true
    await noteAccountFailure(deps.database.fork(), account, { conversationId, error, probing: true })
    return false
  }
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
  { claim, conversationId, probing }: { claim: Claimed; conversationId: number; probing: boolean },
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
    const took = performance.now() - began
    return onceDatabaseIsBack(() => decide(deps, channel, { claim, conversationId, error, probing, took }))
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
