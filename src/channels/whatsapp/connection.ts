import type { ConnectionState, WASocket } from '@whiskeysockets/baileys'
import { openCredentials } from './credentials.ts'
import { phoneOf } from './from-whatsapp.ts'
import { createInbound } from './inbound.ts'
import { type Line, takeOrderFor, tell } from './line.ts'
import { createReceipts } from './receipts.ts'
import { openSocket, type RetryCounts } from './socket.ts'
import type { WhatsappOrder } from './status.ts'
import { watch } from './watchdog.ts'

/** How a connection ended. */
export interface Ending {
  /** Baileys' status code, when WhatsApp or the network ended it. */
  code: number | undefined
  /** WhatsApp had let us in. */
  opened: boolean
  /** It went in with the keys of a link, and not to be linked. */
  linked: boolean
  /** It showed a QR or a code, and nobody used it in time. */
  pairing: boolean
  /** Staff asked for it. */
  order?: WhatsappOrder
}

/**
 * One connection, from the credentials to its end: stores what was left over, then receives until WhatsApp, staff, the watchdog or
 * `signal` ends it, and resolves when all that came is stored and all keys are kept.
 * @throws {UnreadableSecret} and what the database throws while it is away, before anything was connected.
 */
export async function connect(line: Line, retries: RetryCounts, signal: AbortSignal): Promise<Ending> {
  const over = new AbortController()
  const credentials = await openCredentials(line.vault, over.signal)
  const { creds } = credentials
  // A code that was never typed in leaves a number behind that was never linked.
  if (creds.pairingCode && !creds.account) Object.assign(creds, { me: undefined, pairingCode: undefined })
  const inbound = createInbound(line, await line.spool())
  await inbound.catchUp(creds, signal)
  const ending: Ending = { code: undefined, opened: false, linked: creds.me !== undefined, pairing: false }
  let saving = Promise.resolve()
  const { socket, cut } = openSocket(line, credentials, retries)
  const closed = Promise.withResolvers<void>()
  let goodbye: NodeJS.Timeout | undefined
  const close = (why: string) => {
    socket.ev.flush()
    void socket.end(new Error(why))
    goodbye ??= setTimeout(cut, line.timings.goodbye)
  }
  const watchdog = watch(socket, line.timings, (why) => {
    line.context.log.warn({ channel: 'whatsapp', account: line.account, why }, 'the socket is deaf, and opened again')
    close(why)
  })
  socket.ev.on('creds.update', () => {
    saving = saving.then(() => credentials.saveCreds()).catch((error) => fail(line, error))
  })
  socket.ev.on('messages.upsert', ({ messages }) => inbound.accept(messages))
  socket.ev.on('messages.update', createReceipts(line, over.signal))
  socket.ev.on('connection.update', (update) => {
    if (update.qr) void showPairing(line, socket, update.qr, ending).catch((error) => fail(line, error))
    if (update.connection === 'open') {
      ending.opened = true
      watchdog.opened()
      line.socket = socket
      line.restrictedUntil = undefined
      void tell(line, 'open', { phone: phoneOf({ remoteJid: creds.me?.id ?? null }) })
    }
    if (update.connection === 'close') {
      // What Baileys held back until it was done with the offline queue is told now, or never.
      socket.ev.flush()
      ending.code = codeOf(update)
      closed.resolve()
    }
  })
  const stop = () => close('this process gives the number up')
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const orders = followOrders(line, ending, socket, close)
  await closed.promise
  line.socket = undefined
  clearTimeout(goodbye)
  signal.removeEventListener('abort', stop)
  clearInterval(orders)
  watchdog.stop()
  over.abort()
  await inbound.settle()
  await saving
  return ending
}

function fail({ context, account }: Line, error: unknown): void {
  context.log.error({ err: error, channel: 'whatsapp', account }, 'the number could not be kept as WhatsApp has it')
}

/** The QR, or a code instead of the first one: WhatsApp shows several QRs one after the other, and then gives up. */
async function showPairing(line: Line, socket: WASocket, qr: string, ending: Ending): Promise<void> {
  const first = !ending.pairing
  ending.pairing = true
  if (!line.pairingPhone) return tell(line, 'pairing', { pairing: { qr } })
  if (first) await tell(line, 'pairing', { pairing: { code: await socket.requestPairingCode(line.pairingPhone) } })
}

function followOrders(line: Line, ending: Ending, socket: WASocket, close: (why: string) => void): NodeJS.Timeout {
  const look = async () => {
    const order = await takeOrderFor(line)
    if (!order) return
    ending.order = order
    // Unlinked at WhatsApp too, as well as can be; it ends the connection.
    if (order !== 'restart' && line.socket) await socket.logout().catch(() => undefined)
    close(`staff asked to ${order}`)
  }
  return setInterval(() => {
    look().catch((error) => line.context.log.debug({ err: error }, 'orders wait for the database'))
  }, line.timings.orders)
}

function codeOf({ lastDisconnect }: Partial<ConnectionState>): number | undefined {
  const error = lastDisconnect?.error
  return error && 'output' in error ? error.output.statusCode : undefined
}
