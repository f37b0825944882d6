import { setTimeout as sleep } from 'node:timers/promises'

/** How long and how often `until` looks; times in milliseconds, without `timeout` it looks for ever. */
export interface UntilOptions {
  every?: number
  timeout?: number
  signal?: AbortSignal
}

/**
 * Looks again and again until `condition` gives something other than false or undefined, and resolves with that; with
 * undefined when the time is over. For what has no event to wait for: another process, a file written by another.
 * @throws what `condition` throws, and the signal's reason when it is aborted.
 */
export async function until<T>(
  condition: () => Promise<T | false | undefined> | T | false | undefined,
  { every = 20, timeout, signal }: UntilOptions = {},
): Promise<T | undefined> {
  const end = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout
  for (;;) {
    const found = await condition()
    if (found !== false && found !== undefined) return found
    if (performance.now() >= end) return undefined
    await sleep(every, undefined, signal ? { signal } : {})
  }
}
