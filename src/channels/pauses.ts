import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds to wait after so many failures in a row (1 and up): doubling, with a random half so that many do not return at once. */
export function retryPause(failures: number, { first, longest }: { first: number; longest: number }): number {
  const full = Math.min(longest, first * 2 ** (failures - 1))
  return full / 2 + Math.random() * (full / 2)
}

/** Waits, or less when the signal aborts; never rejects. */
export async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}
