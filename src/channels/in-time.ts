import { HttpProblem } from '../runtime/http.ts'

/** Seconds after which a platform may deliver again what the database could not take. */
const COME_AGAIN = 5

/**
 * Waits for a commit, but not longer than a platform may wait for its answer. Should it come after all, the platform's next
 * delivery is a redelivery.
 * @throws {HttpProblem} 503 after `limit` milliseconds, with the time to come again.
 */
export async function inTime<T>(saved: Promise<T>, limit: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new HttpProblem(503, 'The database is slow.', { retryAfter: COME_AGAIN })),
    limit,
  )
  try {
    return await Promise.race([saved, late])
  } finally {
    clearTimeout(timer)
  }
}
