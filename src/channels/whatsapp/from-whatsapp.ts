import {
  isJidBroadcast,
  isJidGroup,
  isJidNewsletter,
  isLidUser,
  isPnUser,
  jidDecode,
  jidNormalizedUser,
  proto,
  toNumber,
  type WAMessage,
  type WAMessageKey,
} from '@whiskeysockets/baileys'
import { phoneOfDigits } from '../../runtime/phone.ts'
import type { InboundMessage } from '../message.ts'
import { externalIdOf } from './external-id.ts'
import { cameWith } from './media-ref.ts'
import { type Content, contentOf } from './message-content.ts'

/** What a message of WhatsApp came to: one of ours, or the reason why there is none to store. */
export type Received = { message: InboundMessage } | { ignored: string }

/** Whose message it is, and what is known beside it. */
export interface Arrival {
  account: string
  now: Date
  /** Messages older than this many milliseconds are history, not conversation. */
  maxAge: number
  /** Whether we sent the message with this id. */
  isOurs(id: string): boolean
}

/** The placeholder of a message that could not be decrypted is not that message, which may still come. */
export const PLACEHOLDER = '/unreadable'

/**
 * The neutral message of one of WhatsApp's, never throwing. Groups, status and newsletters are other people's conversations. A
 * message of ours that we did not send was written on the telephone: an echo, to the person it was written to.
 */
export function fromWhatsapp(message: WAMessage, { account, now, maxAge, isOurs }: Arrival): Received {
  const { key } = message
  const { remoteJid } = key
  if (!remoteJid || !key.id) return { ignored: 'without a sender or an id' }
  if (!isPerson(remoteJid)) return { ignored: 'not from a person' }
  const sentAt = new Date(toNumber(message.messageTimestamp) * 1000)
  if (now.getTime() - sentAt.getTime() > maxAge) return { ignored: 'too old' }
  if (key.fromMe && isOurs(key.id)) return { ignored: 'our own' }
  const content = readContent(message)
  if ('ignored' in content) return content
  const { suffix = '', ...fields } = content
  const common = { channel: 'whatsapp', account, externalId: externalIdOf(key) + suffix, sentAt, providerId: key.id }
  const address = jidNormalizedUser(remoteJid)
  if (key.fromMe) return echo({ ...common, ...fields, from: { address } })
  const name = message.pushName?.trim()
  const phone = phoneOfDigits(phoneOf(key) ?? '')
  return { message: { ...common, ...fields, from: { address, ...(name && { name }), ...(phone && { phone }) } } }
}

const isPerson = (jid: string) =>
  (isPnUser(jid) || isLidUser(jid)) && !isJidGroup(jid) && !isJidBroadcast(jid) && !isJidNewsletter(jid)

/** The telephone number behind a message, if WhatsApp told it: digits with country code. */
export function phoneOf({ remoteJid, remoteJidAlt }: WAMessageKey): string | undefined {
  const jid = [remoteJid, remoteJidAlt].find((one) => one && isPnUser(one))
  return jid ? jidDecode(jid)?.user : undefined
}

function readContent(message: WAMessage): (Content & { suffix?: string }) | { ignored: string } {
  const { StubType } = proto.WebMessageInfo
  const stub = message.messageStubType
  // Called, and nobody answers here: the person is told what can be done by writing.
  if (stub === StubType.CALL_MISSED_VOICE || stub === StubType.CALL_MISSED_VIDEO) return { kind: 'unsupported' }
  if (stub === StubType.CIPHERTEXT || (!message.message && message.key.isViewOnce))
    return { kind: 'unsupported', suffix: PLACEHOLDER }
  if (!message.message) return { ignored: 'without content' }
  const content = contentOf(message.message)
  return content ? { ...content, ...filesOf(content, message.key) } : { ignored: 'not for people' }
}

/** A changed caption comes with the file of the message that was changed. */
function filesOf({ kind, replyTo, media }: Content, key: WAMessageKey): Pick<Content, 'media'> {
  const cameBy = kind === 'edit' && replyTo ? { ...key, id: replyTo } : key
  return media ? { media: media.map((one) => ({ ...one, ref: cameWith(one.ref, cameBy) })) } : {}
}

const SAID = new Set<InboundMessage['kind']>([
  'text',
  'image',
  'voice',
  'audio',
  'video',
  'document',
  'location',
  'contact',
  'sticker',
])

/** Somebody answered on the telephone itself. Reactions and the like change nothing. */
function echo(message: InboundMessage): Received {
  return SAID.has(message.kind) ? { message: { ...message, kind: 'echo' } } : { ignored: 'not an answer' }
}
