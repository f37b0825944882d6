import { S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys'
import type { Timings } from './timings.ts'

/** Looks after a socket that may be connected and deaf: tells once when it does not open, hears nothing, or is not answered. */
export function watch(
  socket: WASocket,
  timings: Timings,
  deaf: (why: string) => void,
): { opened(): void; stop(): void } {
  let heard = performance.now()
  let asking = false
  const onFrame = () => {
    heard = performance.now()
  }
  socket.ws.on('frame', onFrame)
  const opening = setTimeout(() => deaf('WhatsApp did not let us in in time'), timings.opening)
  const look = async () => {
    if (performance.now() - heard > timings.silence) return deaf('nothing was heard for too long')
    if (asking) return
    asking = true
    const answered = await ping(socket, timings.ping)
    asking = false
    if (!answered) deaf('a ping was not answered')
  }
  let timer: NodeJS.Timeout | undefined
  return {
    opened() {
      clearTimeout(opening)
      timer ??= setInterval(look, timings.watch)
    },
    stop() {
      clearTimeout(opening)
      clearInterval(timer)
      socket.ws.off('frame', onFrame)
    },
  }
}

async function ping(socket: WASocket, limit: number): Promise<boolean> {
  const stanza = {
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' },
    content: [{ tag: 'ping', attrs: {} }],
  }
  try {
    return (await socket.query(stanza, limit)) !== undefined
  } catch {
    // An error is an answer only from the server; the socket closing is told elsewhere.
    return false
  }
}
