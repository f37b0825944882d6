import type { RetryCounts } from './socket.ts'

/** Counts that live no longer than this, in milliseconds. */
const KEPT = 3_600_000

/** How often each message was asked for again, kept for an hour. */
export function createRetryCounts(): RetryCounts {
  const counts = new Map<string, { value: unknown; until: number }>()
  const forget = () => {
    for (const [key, { until }] of counts) {
      if (until > Date.now()) return
      counts.delete(key)
    }
  }
  return {
    get: <Value>(key: string) => readAs<Value>(counts.get(key)?.value),
    set(key, value) {
      forget()
      // Deleted first, so that the oldest are always at the front.
      counts.delete(key)
      counts.set(key, { value, until: Date.now() + KEPT })
    },
    del: (key) => void counts.delete(key),
    flushAll: () => counts.clear(),
  }
}

/** The cache gives back what was put under the key, whose type only the caller knows. */
function readAs<Value>(value: unknown): Value | undefined
function readAs(value: unknown): unknown {
  return value
}
