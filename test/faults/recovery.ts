import type { Blow } from './chaos.ts'
import type { Row } from './rows.ts'

/** Milliseconds. */
export interface Spread {
  count: number
  p50: number
  p99: number
  max: number
}

/** The middle and the ends of a list of numbers. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 }
}

/**
 * How long after each kill what was waiting at that moment was done: for messages to be answered, and for answers to be sent.
 * A later kill may have struck the same messages again.
 */
export function recoveries(blows: readonly Blow[], rows: readonly Row[], kinds: readonly Blow['kind'][]) {
  const after = (direction: 'in' | 'out') =>
    blows.flatMap(({ at, kind }) => {
      if (!kinds.includes(kind)) return []
      const open = rows.filter((row) => row.direction === direction && row.createdAt < at && (row.doneAt ?? 0) > at)
      return open.length === 0 ? [] : [Math.max(...open.map(({ doneAt }) => doneAt ?? 0)) - at]
    })
  return { turns: spread(after('in')), sends: spread(after('out')) }
}
