/** The demo's time: it stands still until somebody sets it. */
export interface Clock {
  now(): Date
  set(at: Date): void
  /** Goes on by so many seconds. */
  forward(seconds: number): void
}

/** A clock that shows `now` until it is set. */
export function createClock(now: Date): Clock {
  let shown = now.getTime()
  return {
    now: () => new Date(shown),
    set: (at) => {
      shown = at.getTime()
    },
    forward: (seconds) => {
      shown += seconds * 1000
    },
  }
}
