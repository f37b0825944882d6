/** Runs work for keys: one run a key at a time, bounded across keys, and a wake during a run means one more run after it. */
export interface KeyedRunner<Key> {
  wake(key: Key): void
  /** Accepts nothing more and resolves when what runs has ended; what only waited stays for the sweeper, and what takes long is asked to end. */
  drain(): Promise<void>
  /** Runs under way and keys waiting, for the metrics. */
  readonly size: number
}

/** Milliseconds that runs get to end by themselves when the runner stops. */
const PATIENCE = 8_000

/**
 * `run` may answer with a number of milliseconds after which the key is to be woken again.
 * Its errors go to `failed`; they never stop the runner.
 */
export function createKeyedRunner<Key>(options: {
  parallel: number
  /** `ending` aborts when the runner stops and this run has had its time. */
  run(key: Key, ending: AbortSignal): Promise<number | undefined>
  failed(key: Key, error: unknown): void
  patience?: number
}): KeyedRunner<Key> {
  const waiting = new Set<Key>()
  const running = new Map<Key, Promise<void>>()
  const timers = new Map<Key, NodeJS.Timeout>()
  const ending = new AbortController()
  let draining = false

  const start = (key: Key) => {
    waiting.delete(key)
    const run = options
      .run(key, ending.signal)
      .then((again) => {
        if (again !== undefined) later(key, again)
      })
      .catch((error) => options.failed(key, error))
      .finally(() => {
        running.delete(key)
        next()
      })
    running.set(key, run)
  }

  const later = (key: Key, milliseconds: number) => {
    clearTimeout(timers.get(key))
    if (draining) return
    const timer = setTimeout(() => {
      timers.delete(key)
      wake(key)
    }, milliseconds)
    timers.set(key, timer)
  }

  const next = () => {
    if (draining) return
    for (const key of waiting) {
      if (running.size >= options.parallel) return
      if (!running.has(key)) start(key)
    }
  }

  const wake = (key: Key) => {
    if (draining) return
    waiting.add(key)
    next()
  }

  return {
    wake,
    async drain() {
      draining = true
      for (const timer of timers.values()) clearTimeout(timer)
      waiting.clear()
      const limit = setTimeout(() => ending.abort(), options.patience ?? PATIENCE)
      await Promise.all(running.values())
      clearTimeout(limit)
    },
    get size() {
      return running.size + waiting.size
    },
  }
}
