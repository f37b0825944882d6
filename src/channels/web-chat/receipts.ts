import type { WebChatStore } from './store.ts'

/** Notes that the client of a conversation has everything up to this `seq`. */
export type MarkDelivered = (conversationId: string, seq: number) => Promise<void>

/** As many conversations are remembered; forgetting one costs a statement. */
const MOST = 10_000

/** Asks the store once for each new `seq`: a client that polls says the same one again and again. */
export function createMarkDelivered(store: Pick<WebChatStore, 'markDelivered'>): MarkDelivered {
  const known = new Map<string, number>()
  return async (conversationId, seq) => {
    if (seq <= (known.get(conversationId) ?? 0)) return
    await store.markDelivered(conversationId, seq)
    known.delete(conversationId)
    known.set(conversationId, seq)
    const oldest = known.keys().next()
    if (known.size > MOST && !oldest.done) known.delete(oldest.value)
  }
}
