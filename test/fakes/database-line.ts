import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** The way to a database, which a test can cut as a restart or a broken network does. */
export interface DatabaseLine {
  readonly url: string
  /** Connections open now. */
  readonly open: number
  /** Connections that were ever asked for, and of them those hung up on because the line was down. */
  readonly asked: number
  readonly refused: number
  /** What was connected is cut, and whoever connects is hung up on. */
  down(): void
  /** Connections stay and are still accepted, and nothing passes. */
  freeze(): void
  /** As at first; what a frozen line held back passes now. */
  up(): void
}

/** A line to the server of `url`, on a port of its own; closed when the test ends, or when `whenDone` says. */
export async function databaseLine(
  url: string,
  whenDone: (close: () => void) => void = onTestFinished,
): Promise<DatabaseLine> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let state: 'up' | 'down' | 'frozen' = 'up'
  let asked = 0
  let refused = 0
  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.once('close', () => sockets.delete(socket))
    if (state === 'frozen') socket.pause()
  }
  const server = createServer((near) => {
    asked++
    if (state === 'down') {
      refused++
      near.destroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => near.write(bytes))
    for (const socket of [near, far]) keep(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the line has no port')
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  whenDone(() => {
    server.close()
    hangUp()
  })
  const own = new URL(url)
  own.host = `127.0.0.1:${address.port}`
  return {
    url: own.href,
    get open() {
      return sockets.size / 2
    },
    get asked() {
      return asked
    },
    get refused() {
      return refused
    },
    down() {
      state = 'down'
      hangUp()
    },
    freeze() {
      state = 'frozen'
      for (const socket of sockets) socket.pause()
    },
    up() {
      state = 'up'
      for (const socket of sockets) socket.resume()
    },
  }
}
