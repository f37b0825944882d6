import type { Viewer } from './viewer.ts'

/** Milliseconds that a closing handshake may take when we stop. */
const GOODBYE = 2000

/** All open WebSockets of this process. */
export interface Viewers {
  /** How many a network address has open. */
  from(address: string): number
  /** Keeps one until its socket closes; the oldest of the conversation makes room when there are too many. */
  add(conversationId: string, address: string, viewer: Viewer): () => void
  /** Something happened in this conversation; without one, perhaps in any. */
  wake(conversationId?: string): void
  count(): number
  close(): void
}

/** `most` a conversation; each is asked for a sign of life every `pingEvery` milliseconds. */
export function createViewers(most: number, pingEvery: number): Viewers {
  const byConversation = new Map<string, Set<Viewer>>()
  const byAddress = new Map<string, number>()
  const all = () => [...byConversation.values()].flatMap((viewers) => [...viewers])
  const beating = setInterval(() => {
    for (const viewer of all()) viewer.beat()
  }, pingEvery)
  beating.unref()
  return {
    from: (address) => byAddress.get(address) ?? 0,
    add(conversationId, address, viewer) {
      const viewers = byConversation.get(conversationId) ?? new Set()
      byConversation.set(conversationId, viewers)
      const [oldest] = viewers
      // The words are Direct Line's own for this.
      if (oldest && viewers.size >= most) oldest.close(1008, 'collision')
      viewers.add(viewer)
      byAddress.set(address, (byAddress.get(address) ?? 0) + 1)
      return () => {
        viewers.delete(viewer)
        if (viewers.size === 0 && byConversation.get(conversationId) === viewers) byConversation.delete(conversationId)
        const left = (byAddress.get(address) ?? 1) - 1
        if (left > 0) byAddress.set(address, left)
        else byAddress.delete(address)
      }
    },
    wake(conversationId) {
      const woken = conversationId === undefined ? all() : (byConversation.get(conversationId) ?? [])
      for (const viewer of woken) viewer.wake()
    },
    count: () => all().length,
    close() {
      clearInterval(beating)
      const viewers = all()
      // 1012: service restart. Clients come back to whoever serves them next.
      for (const viewer of viewers) viewer.close(1012, 'restarting')
      const cutAll = () => {
        for (const viewer of viewers) viewer.cut()
      }
      setTimeout(cutAll, GOODBYE).unref()
    },
  }
}
