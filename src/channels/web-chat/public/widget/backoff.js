/**
 * Milliseconds before the next attempt after `failures` in a row: doubling from 1 s to 30 s, half of it by chance,
 * so that all the browsers of a town do not come back in the same second.
 * @param {number} failures
 */
export function backoff(failures) {
  const most = Math.min(30_000, 1000 * 2 ** failures)
  return most / 2 + (Math.random() * most) / 2
}

/** A wait that can be cut short. */
export class Pause {
  /** @type {(() => void) | undefined} */
  #end

  /**
   * @param {number} milliseconds
   * @returns {Promise<void>}
   */
  wait(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end?.(), milliseconds)
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Ends the wait now, if there is one. */
  skip() {
    this.#end?.()
  }
}
