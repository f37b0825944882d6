/** @import { ConversationGrant, Session, Store } from './types.d.ts' */

const KEY = 'session'

/**
 * The conversation this browser holds, if any.
 * @param {Store} store
 * @returns {Session | undefined}
 */
export function readSession(store) {
  try {
    const session = JSON.parse(store.get(KEY) ?? 'null')
    return typeof session?.conversationId === 'string' && typeof session.token === 'string' ? session : undefined
  } catch {
    return undefined // not ours, or half written
  }
}

/**
 * Keeps what the server granted; the token is renewed when half of its life is over.
 * @param {Store} store
 * @param {ConversationGrant} grant
 * @returns {Session}
 */
export function keepSession(store, { conversationId, token, resumeToken, expires_in = 1800 }) {
  const session = { conversationId, token, renewAt: Date.now() + expires_in * 500, ...(resumeToken && { resumeToken }) }
  store.set(KEY, JSON.stringify(session))
  return session
}

/** @param {Store} store */
export function forgetSession(store) {
  store.remove(KEY)
}
