import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'
import type { Delivery, SendResult } from '../message.ts'
import { rest } from '../pauses.ts'
import { SendError } from '../send-error.ts'
import { type Line, tell } from './line.ts'
import { toWhatsapp } from './to-whatsapp.ts'

/** Seconds after which a send is tried again that had no socket to go by. */
const NO_SOCKET = 5

/**
 * Sends one message under an id made of our row's, so that a repeated send is the same message to WhatsApp, and waits for WhatsApp
 * to acknowledge it. "Writing…" is shown before, for a time that differs.
 */
export async function send(line: Line, { id: row, to, message }: Delivery, signal: AbortSignal): Promise<SendResult> {
  const { socket, ids, context, timings } = line
  if (!socket) throw notConnected('The number is not connected to WhatsApp in this process', NO_SOCKET)
  const still = (line.restrictedUntil?.getTime() ?? 0) - context.now().getTime()
  if (still > 0) throw notConnected('WhatsApp does not let this number write at present', still / 1000)
  const file = message.media && (await readFile(line, message.media.key))
  const id = ids.idFor(row)
  await compose(socket, to, timings.composing, signal)
  const acknowledged = acknowledgement(socket, id, timings.acknowledge)
  try {
    await socket.sendMessage(to, toWhatsapp(message, file), { messageId: id })
  } catch (cause) {
    throw new SendError('unavailable', 'The message could not be handed to WhatsApp', {
      retryable: true,
      outcomeUnknown: true,
      cause,
    })
  }
  const answer = await acknowledged
  if (!answer) {
    context.log.warn({ channel: 'whatsapp', account: line.account }, 'WhatsApp did not acknowledge a message in time')
    throw new SendError('timeout', 'WhatsApp did not acknowledge the message', {
      retryable: true,
      outcomeUnknown: true,
    })
  }
  if (answer.attrs.error) await refuse(line, answer.attrs.error)
  if (line.restrictedUntil) await allow(line)
  return { providerId: id }
}

/** WhatsApp took a message again. */
async function allow(line: Line): Promise<void> {
  line.restrictedUntil = undefined
  await tell(line, 'open')
}

const notConnected = (text: string, retryAfter: number) =>
  new SendError('not_connected', text, { retryable: true, retryAfter, scope: 'account' })

async function readFile({ context }: Line, key: string): Promise<Buffer> {
  try {
    return Buffer.from(await context.files.get(key))
  } catch (cause) {
    throw new SendError('unavailable', 'The file to send cannot be read from the storage', { retryable: true, cause })
  }
}

/** A courtesy, and a pace that is no machine's. */
async function compose(
  socket: WASocket,
  to: string,
  [least, most]: [number, number],
  signal: AbortSignal,
): Promise<void> {
  if (most === 0) return
  await socket.sendPresenceUpdate('composing', to).catch(() => undefined)
  await rest(least + Math.random() * (most - least), signal)
}

/** WhatsApp's word on a message; a receipt of the other side comes under the same id and says as much. */
async function acknowledgement(socket: WASocket, id: string, limit: number): Promise<BinaryNode | undefined> {
  try {
    return await socket.waitForMessage<BinaryNode>(id, limit)
  } catch {
    // The socket closed: nobody knows.
    return undefined
  }
}

/**
 * What WhatsApp says when it does not take a message; the codes are those of its acknowledgements.
 * @throws {SendError} always.
 */
async function refuse(line: Line, code: string): Promise<never> {
  const facts = { providerCode: code }
  switch (code) {
    case '463':
      line.restrictedUntil = new Date(line.context.now().getTime() + line.timings.restricted)
      await tell(line, 'restricted', { reason: code })
      throw new SendError('not_connected', 'WhatsApp restricted this number: it may not write at present', {
        ...facts,
        retryable: true,
        retryAfter: line.timings.restricted / 1000,
        scope: 'account',
      })
    case '429':
      throw new SendError('throttled', 'WhatsApp asks this number to slow down', {
        ...facts,
        retryable: true,
        retryAfter: 60,
        scope: 'account',
      })
    // A device of theirs changed: the next try asks for their devices anew.
    case '479':
    case '500':
    case '503':
      throw new SendError('unavailable', `WhatsApp did not take the message (${code})`, { ...facts, retryable: true })
    default:
      throw new SendError('invalid', `WhatsApp refused the message (${code})`, { ...facts, retryable: false })
  }
}
