import { setTimeout as sleep } from 'node:timers/promises'

/** How long the adapter waits for what; milliseconds, but for `longPoll`, which goes to Telegram in seconds. */
export interface Timings {
  /** How long Telegram may hold a `getUpdates` that has nothing to tell. */
  longPoll: number
  /** A call's limit; a long poll gets this much on top of its own time. */
  call: number
  /** Pauses after failures: the first, doubled each time, up to the longest. */
  firstRetry: number
  longestRetry: number
  /** The least between two polls that brought nothing, for servers that do not hold them. */
  emptyPoll: number
  /** How often a webhook is looked after. */
  webhookCheck: number
  /** How long a webhook waits for the database before it tells Telegram to come again. */
  save: number
}

/** What suits Telegram's own servers. */
export const TIMINGS: Timings = {
  longPoll: 50,
  call: 15_000,
  firstRetry: 500,
  longestRetry: 30_000,
  emptyPoll: 1_000,
  webhookCheck: 60_000,
  save: 1_500,
}

/** Milliseconds to wait after so many failures in a row (1 and up): doubling, with a random half so that many do not return at once. */
export function retryPause(failures: number, { firstRetry, longestRetry }: Timings): number {
  const full = Math.min(longestRetry, firstRetry * 2 ** (failures - 1))
  return full / 2 + Math.random() * (full / 2)
}

/** Waits, or less when the signal aborts; never rejects. */
export async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}

/** A signal that also aborts when a call's time is over. */
export const within = (milliseconds: number, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(milliseconds)])
