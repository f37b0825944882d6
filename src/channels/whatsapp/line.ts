import type { WASocket } from '@whiskeysockets/baileys'
import type { ChannelContext } from '../channel.ts'
import type { OutboundMessage } from '../message.ts'
import type { Vault } from './credentials.ts'
import type { MessageIds } from './message-id.ts'
import type { Spool } from './spool.ts'
import { type Pairing, takeOrder, type WhatsappOrder, type WhatsappState, writeStatus } from './status.ts'
import type { Timings } from './timings.ts'

/** One linked number in this process: what its parts share. */
export interface Line {
  account: string
  vault: Vault
  context: ChannelContext
  ids: MessageIds
  timings: Timings
  /** Another server than WhatsApp's own. */
  serverUrl: string | undefined
  /** The number to pair by code instead of by QR: digits with country code. */
  pairingPhone: string | undefined
  /** Opened when the number first runs here. */
  spool(): Promise<Spool>
  /** What we sent under one of WhatsApp's ids, for who could not decrypt it. */
  sentMessage(providerId: string): Promise<OutboundMessage | undefined>
  /** The socket while it is open: sends go there. */
  socket: WASocket | undefined
  /** WhatsApp does not let this account write; from then on one message may try whether it does again. */
  restrictedUntil: Date | undefined
  state: WhatsappState
  reason: string | undefined
}

/** What staff asked of this number since the last look, once; how they want it paired is kept. Rejects when the database is away. */
export async function takeOrderFor(line: Line): Promise<WhatsappOrder | undefined> {
  const asked = await takeOrder(line.vault)
  if (asked && asked.phone !== null) line.pairingPhone = asked.phone || undefined
  return asked?.order
}

/** Sets the state, and tells it to the panel as well as can be: the database may be away. */
export async function tell(
  line: Line,
  state: WhatsappState,
  more: { reason?: string | undefined; phone?: string | undefined; pairing?: Pairing | undefined } = {},
): Promise<void> {
  line.state = state
  line.reason = more.reason
  const { log } = line.context
  log.info(
    { channel: 'whatsapp', account: line.account, state, reason: more.reason },
    'the WhatsApp number changed its state',
  )
  await writeStatus(line.vault, { state, ...more }).catch((error) =>
    log.debug({ err: error, account: line.account }, 'the state could not be shown while the database is away'),
  )
}
