/** @import { Store } from './types.d.ts' */

/**
 * The browser's storage under `prefix`; where it is blocked or full, memory, so that the chat works and only a reload forgets.
 * @param {string} prefix
 * @returns {Store}
 */
export function openStore(prefix) {
  const storage = usableStorage(prefix)
  /** @type {Map<string, string>} */
  const memory = new Map()
  return {
    get: (key) => memory.get(key) ?? storage?.getItem(prefix + key) ?? null,
    set(key, value) {
      memory.delete(key)
      try {
        if (storage) storage.setItem(prefix + key, value)
        else memory.set(key, value)
      } catch {
        memory.set(key, value) // the quota is spent
      }
    },
    remove(key) {
      memory.delete(key)
      storage?.removeItem(prefix + key)
    },
    keys(start) {
      const stored = storage ? Object.keys(storage).filter((key) => key.startsWith(prefix)) : []
      const all = new Set([...stored.map((key) => key.slice(prefix.length)), ...memory.keys()])
      return [...all].filter((key) => key.startsWith(start))
    },
  }
}

/**
 * With cookies blocked the very word `localStorage` throws.
 * @param {string} prefix
 */
function usableStorage(prefix) {
  try {
    const storage = window.localStorage
    storage.setItem(`${prefix}try`, '1')
    storage.removeItem(`${prefix}try`)
    return storage
  } catch {
    return undefined
  }
}
