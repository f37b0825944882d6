import type { Update, UpdateQueue } from './update-queue.ts'

/** How a `getUpdates` ended. */
export type PollEnd = { updates: Update[] } | { conflict: string } | 'gone'

export interface LongPoll {
  /** Waits up to `timeout` milliseconds when nothing is there; `signal` aborts when the bot hangs up. */
  poll(offset: number, limit: number, timeout: number, signal: AbortSignal): Promise<PollEnd>
  /** Something came. */
  wake(): void
  /** Ends the one that waits, with the Bot API's 409. */
  interrupt(conflict: string): void
}

const OTHER_POLL = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'

/** At most one `getUpdates` waits at a time; the next one ends it. */
export function createLongPoll(queue: UpdateQueue): LongPoll {
  let waiting: ((end: 'look' | 'gone' | { conflict: string }) => void) | undefined
  const interrupt = (conflict: string) => waiting?.({ conflict })
  return {
    interrupt,
    wake: () => waiting?.('look'),
    async poll(offset, limit, timeout, signal) {
      interrupt(OTHER_POLL)
      const updates = queue.take(offset, limit)
      if (updates.length > 0 || timeout === 0) return { updates }
      const { promise, resolve } = Promise.withResolvers<'look' | 'gone' | { conflict: string }>()
      const timer = setTimeout(resolve, timeout, 'look')
      signal.addEventListener('abort', () => resolve('gone'), { once: true })
      waiting = resolve
      const end = await promise
      clearTimeout(timer)
      if (waiting === resolve) waiting = undefined
      return end === 'look' ? { updates: queue.take(offset, limit) } : end
    },
  }
}
