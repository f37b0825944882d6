import { setTimeout as latency } from 'node:timers/promises'
import type { BinaryNode, proto } from '@whiskeysockets/baileys'
import type { WebSocket } from 'ws'
import { createNoise } from './noise.ts'

/** One connection of the gateway. */
export interface Session {
  /** Its login was let in. */
  open: boolean
  readonly connected: boolean
  send(node: BinaryNode): void
  /** Ends it in an orderly way, or as a cut cable does. */
  close(): void
  cut(): void
  /** Nothing that comes is looked at, not even a goodbye. */
  deafen(on: boolean): void
}

/** What happens on a connection, one after the other. */
export interface Listener {
  enters(session: Session, payload: proto.ClientPayload): void
  says(session: Session, node: BinaryNode): Promise<void> | void
  leaves(session: Session): void
  failed(error: unknown): void
  /** The connection stands, and nothing is heard nor said. */
  isDeaf: boolean
}

/** Milliseconds from the client to us. */
const NETWORK = 15

/** Speaks the handshake, then nodes. */
export function createSession(socket: WebSocket, listener: Listener): Session {
  const noise = createNoise()
  const session: Session = {
    open: false,
    get connected() {
      return session.open && socket.readyState === socket.OPEN
    },
    send(node) {
      if (!listener.isDeaf && socket.readyState === socket.OPEN) socket.send(noise.encode(node))
    },
    close: () => socket.close(),
    cut: () => socket.terminate(),
    deafen: (on) => (on ? socket.pause() : socket.resume()),
  }
  let step = 0
  let work = Promise.resolve()
  const take = async (frame: Buffer) => {
    step += 1
    if (step === 1) return socket.send(noise.hello(frame))
    if (step === 2) {
      const payload = noise.finish(frame)
      // Baileys loses what comes before it is done with its own side of the handshake, which no real network is fast enough for.
      await latency(NETWORK)
      return listener.enters(session, payload)
    }
    if (!listener.isDeaf) await listener.says(session, await noise.decode(frame))
  }
  socket.on('message', (data: Buffer) => {
    for (const frame of noise.frames(data)) work = work.then(() => take(frame)).catch(listener.failed)
  })
  socket.on('close', () => listener.leaves(session))
  return session
}
