import { setTimeout as pause } from 'node:timers/promises'
import { type Post, postOnce } from './line.ts'
import type { Notebook } from './notebook.ts'
import type { Random } from './random.ts'

/** Delivers again what was delivered. */
export interface Copier {
  /** Perhaps a copy at the very same time, perhaps some later, out of order with everything else. */
  copy(post: Post, always: boolean): void
  /** Copies made. */
  readonly made: number
  /** Resolves when those under way have been delivered. */
  settled(): Promise<void>
}

/** How many messages are delivered more than once. */
const SHARE = 0.3

/** The longest that a copy comes late, in milliseconds. */
const LATEST = 6_000

export function createCopier(notebook: Notebook, random: Random, signal: AbortSignal): Copier {
  const underway = new Set<Promise<void>>()
  let made = 0
  const send = (post: Post, delay: number) => {
    made += 1
    const work = (async () => {
      if (delay > 0) await pause(delay)
      if (!signal.aborted) await postOnce(post, notebook, signal)
    })()
    underway.add(work)
    void work.finally(() => underway.delete(work))
  }
  return {
    copy(post, always) {
      if (always) send(post, 0)
      else if (!random.chance(SHARE)) return
      const copies = random.weighted([
        [6, 1],
        [2, 2],
        [1, 3],
      ] as const)
      for (let copy = 0; copy < copies; copy++) send(post, random.chance(0.3) ? 0 : random.between(1, LATEST))
    },
    get made() {
      return made
    },
    async settled() {
      while (underway.size > 0) await Promise.all(underway)
    },
  }
}
