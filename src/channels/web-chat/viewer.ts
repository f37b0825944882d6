import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { MarkDelivered } from './receipts.ts'
import { activitySet, PAGE_SIZE } from './show.ts'
import type { WebChatStore } from './store.ts'
import type { Shown } from './to-direct-line.ts'

/** Milliseconds before what could not be read is asked for again. */
const RETRY = 1000

/** What one WebSocket shows, from which watermark on. */
export interface View {
  socket: WebSocket
  shown: Shown
  seq: number
}

/** One WebSocket's reader of the rows. */
export interface Viewer {
  /** There may be something new. */
  wake(): void
  /** Shows the client, and ourselves, that the line lives; a line that did not answer the last time is cut. */
  beat(): void
  close(code: number, reason: string): void
  /** Without the closing handshake. */
  cut(): void
}

/**
 * Sends what lies after the watermark, a page at a time, the next when the last has left: a slow client holds one page of memory.
 * A ping follows each; its pong proves that the client has the page (RFC 6455, 5.5.3).
 */
export function createViewer(
  view: View,
  store: Pick<WebChatStore, 'messagesAfter'>,
  markDelivered: MarkDelivered,
  log: Logger,
): Viewer {
  const { socket, shown } = view
  const conversationId = shown.conversationId
  let { seq } = view
  let reading = false
  let again = false
  let answered = true

  const sendPage = async (): Promise<boolean> => {
    const page = await store.messagesAfter(conversationId, seq, PAGE_SIZE)
    if (socket.readyState !== socket.OPEN) return false
    if (page.messages.length > 0) {
      const set = activitySet(page, seq, shown)
      await sent(socket, JSON.stringify(set))
      seq = Number(set.watermark)
      socket.ping(set.watermark)
    }
    if (page.ended && page.messages.length < PAGE_SIZE) await end()
    return page.messages.length === PAGE_SIZE
  }
  const end = async () => {
    const activity = { type: 'endOfConversation', channelId: 'directline', conversation: { id: conversationId } }
    await sent(socket, JSON.stringify({ activities: [{ ...activity, from: { id: 'bot', role: 'bot' } }] }))
    socket.close(1000, 'the conversation has ended')
  }
  const read = async () => {
    reading = true
    try {
      do {
        again = false
        again = (await sendPage()) || again
      } while (again)
    } catch (error) {
      if (socket.readyState !== socket.OPEN) return
      log.debug({ err: error }, 'a web chat could not be brought up to date; trying again')
      setTimeout(wake, RETRY).unref()
    } finally {
      reading = false
    }
  }
  const wake = () => {
    if (reading) again = true
    else if (socket.readyState === socket.OPEN) void read()
  }

  socket.on('pong', (data) => {
    answered = true
    markDelivered(conversationId, Math.min(Number(data.toString()) || 0, seq)).catch((error) =>
      log.warn({ err: error }, 'a delivery in the web chat could not be noted'),
    )
  })
  return {
    wake,
    beat() {
      if (!answered) return socket.terminate()
      answered = false
      // Pages cannot see pings; the empty frame is for them.
      socket.send('')
      socket.ping(String(seq))
      wake()
    },
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
  }
}

/** Resolves when the frame has left this process; rejects when the socket is gone. */
function sent(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(text, (error) => (error ? reject(error) : resolve()))
  })
}
