/** @import { Activity, Store } from './types.d.ts' */

const SEEN = 'seen'

/**
 * Counts what came while nobody looked, over reloads too, and says so in the page's title.
 * @param {Store} store
 * @param {{ isLooking: () => boolean, onCount: (count: number) => void }} page
 */
export function attention(store, { isLooking, onCount }) {
  let count = 0
  let latest = ''
  let ownTitle = ''
  let ourTitle = ''
  /** @param {number} next */
  const set = (next) => {
    if (next === count) return
    if (document.title !== ourTitle) ownTitle = document.title // the page may have changed it meanwhile
    count = next
    ourTitle = count > 0 ? `(${count}) ${ownTitle}` : ownTitle
    document.title = ourTitle
    onCount(count)
  }
  const look = () => {
    if (!isLooking()) return
    set(0)
    if (latest) store.set(SEEN, latest)
  }
  document.addEventListener('visibilitychange', look)
  return {
    /** The citizen may be looking now. */
    look,
    /** @param {Activity} activity of ours, that came now or lay in the history */
    arrived({ timestamp = new Date().toISOString() }) {
      if (timestamp > latest) latest = timestamp
      if (isLooking()) look()
      else if (timestamp > (store.get(SEEN) ?? '')) set(count + 1)
    },
  }
}
