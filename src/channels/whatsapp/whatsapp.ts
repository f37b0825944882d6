import { join } from 'node:path'
import type { Database } from '../../runtime/database.ts'
import { createSecretBox } from '../../runtime/secret-box.ts'
import type { AnyChannel, ChannelContext, ChannelLimits, SentMessage } from '../channel.ts'
import type { Line } from './line.ts'
import { live } from './live.ts'
import { createFetchMedia } from './media.ts'
import { createMessageIds } from './message-id.ts'
import { quietLibsignal } from './quiet-libsignal.ts'
import { createRetryCounts } from './retry-counts.ts'
import { send } from './send.ts'
import { openSpool } from './spool.ts'
import { leaseOf, type WhatsappState } from './status.ts'
import { TIMINGS } from './timings.ts'

/** One linked number. */
export interface WhatsappOptions {
  /** `default`, or a name from config/canales.yaml. */
  account: string
  database: Database
  /** What credentials are encrypted with is derived from it. */
  secretKey: string
  /** Where messages wait while the database is away: a folder of this machine. */
  spoolFolder: string
  /** Another server than WhatsApp's own, for tests: ws:// or wss://. */
  serverUrl?: string | undefined
  /** The number to pair by a code, with country code; without it a QR is shown. */
  pairingPhone?: string | undefined
  /** Messages a second, instead of one; 0 lifts all limits. */
  rate?: number | undefined
  /** What was sent under one of the ids that `send` gave, while we still have it. */
  sentMessage: SentMessage
}

/** WhatsApp publishes no rates for linked devices; a person does not write faster than this. */
const RATE = 1
const CHAT_PAUSE = 1_200

const TEXT = 4_096
const CAPTION = 1_024

/** A WhatsApp number linked as a device, as a channel. One process at a time holds its socket, under a lease. */
export function createWhatsapp(options: WhatsappOptions, context: ChannelContext, timings = TIMINGS): AnyChannel {
  const { account, database, secretKey, serverUrl } = options
  quietLibsignal()
  const box = createSecretBox(secretKey, 'whatsapp')
  const patience = options.rate === 0 ? { ...timings, composing: [0, 0] satisfies [number, number] } : timings
  const spool = once(() => openSpool(join(options.spoolFolder, account), box, context.log))
  const line: Line = {
    account,
    vault: { database, box, account },
    context,
    ids: createMessageIds(secretKey, account),
    timings: patience,
    serverUrl,
    pairingPhone: options.pairingPhone?.replace(/\D/g, ''),
    spool,
    sentMessage: (id) => options.sentMessage('whatsapp', account, id),
    socket: undefined,
    restrictedUntil: undefined,
    state: 'off',
    reason: undefined,
  }
  const retries = createRetryCounts()
  return {
    name: 'whatsapp',
    account,
    limits: limitsOf(options.rate),
    send: (delivery, signal) => send(line, delivery, signal),
    fetchMedia: createFetchMedia(line),
    async typing(address) {
      await line.socket?.sendPresenceUpdate('composing', address).catch(() => undefined)
    },
    home: 'whatsapp',
    atHome: () => line.socket !== undefined,
    run: (signal) => context.withLease(leaseOf(account), signal, (held) => live(line, retries, held)),
    health: () => healthOf(line),
  }
}

function limitsOf(rate = RATE): ChannelLimits {
  return {
    text: TEXT,
    caption: CAPTION,
    options: 'numbered',
    links: 'text',
    wordless: ['voice', 'audio'],
    rate,
    conversationPause: rate === 0 ? 0 : CHAT_PAUSE,
    quiet: 1_500,
    idempotentSend: true,
    // Linked devices that write unasked are what WhatsApp bans.
    replyOnly: true,
  }
}

const SENTENCES: Record<WhatsappState, string> = {
  off: 'This process does not hold the number; another one may.',
  connecting: 'The number is being connected to WhatsApp.',
  pairing: 'Link the number: scan the QR, or type the code, in WhatsApp under linked devices.',
  open: 'The number is connected.',
  restricted: 'WhatsApp does not let this number write at present; messages wait. Do not restart it again and again.',
  waiting: 'WhatsApp cannot be reached; it is tried again.',
  unlinked: 'The number is not linked; ask for pairing in the panel.',
  stopped: 'The number was stopped and waits for somebody to look; see the reason, then restart it in the panel.',
}

const FINE = new Set<WhatsappState>(['off', 'connecting', 'open', 'waiting'])

const healthOf = ({ state, reason, context }: Line) => ({
  ok: FINE.has(state),
  // By that, all see that a process holds the number.
  ...(state !== 'off' && { at: context.now() }),
  detail: reason ? `${SENTENCES[state]} (${reason})` : SENTENCES[state],
})

/** Opens at the first call; a failure is forgotten, so that the next call tries again. */
function once<Opened>(open: () => Promise<Opened>): () => Promise<Opened> {
  let opened: Promise<Opened> | undefined
  return () => {
    opened ??= open().catch((error) => {
      opened = undefined
      throw error
    })
    return opened
  }
}
