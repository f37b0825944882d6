import type { MediaKind, OutboundMedia, OutboundMessage } from '../message.ts'
import { numberedLabel } from '../split-message.ts'
import { OWN_METADATA } from './from-messaging.ts'
import { filledTemplate, type Template } from './template.ts'

/** A file to send along, with its bytes. */
export interface File {
  media: OutboundMedia
  bytes: Uint8Array
}

/** What a person wrote may go for seven days (https://developers.facebook.com/docs/features-reference/human-agent). */
export const HUMAN_AGENT = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' } as const
export type Tag = typeof HUMAN_AGENT

/** https://developers.facebook.com/docs/messenger-platform/reference/send-api#attachment; a sticker of ours is a picture there. */
const TYPES: Record<MediaKind, string> = {
  image: 'image',
  sticker: 'image',
  voice: 'audio',
  audio: 'audio',
  video: 'video',
  document: 'file',
}

/** The body of the one call that says a message to a person of Messenger. */
export function toMessenger(to: string, message: OutboundMessage, file?: File, tag?: Tag): object {
  const common = {
    recipient: { id: to },
    ...(tag ?? { messaging_type: 'RESPONSE' }),
    // https://developers.facebook.com/docs/graph-api/reference/page/messages
    ...(message.replyTo && { reply_to: { mid: message.replyTo } }),
  }
  if (!file)
    return { ...common, message: { ...worded(message), ...quickReplies(message, true), metadata: OWN_METADATA } }
  const attachment = { type: TYPES[file.media.kind], payload: { is_reusable: false } }
  const said = { attachment, ...quickReplies(message, true), metadata: OWN_METADATA }
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...common, message: said })) {
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  form.append('filedata', blobOf(file), file.media.fileName)
  return form
}

/** The same to a person of Instagram; a file was uploaded before, and is named by its id. */
export function toInstagram(to: string, message: OutboundMessage, attachmentId?: string, tag?: Tag): object {
  const content =
    attachmentId && message.media
      ? { attachment: { type: TYPES[message.media.kind], payload: { attachment_id: attachmentId } } }
      : worded(message)
  return { recipient: { id: to }, ...tag, message: { ...content, ...quickReplies(message, false) } }
}

/**
 * The same to a person of Messenger by a utility template of the page; undefined when it has more than words
 * (https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages).
 */
export function byUtilityTemplate(to: string, message: OutboundMessage, wanted: Template): object | undefined {
  const template = filledTemplate(message, wanted)
  return template && { recipient: { id: to }, messaging_type: 'UTILITY', message: { template, metadata: OWN_METADATA } }
}

/** The form that uploads a file for Instagram, and gives an attachment's id. */
export function instagramUpload(file: File): FormData {
  const form = new FormData()
  form.append('platform', 'instagram')
  form.append(
    'message',
    JSON.stringify({ attachment: { type: TYPES[file.media.kind], payload: { is_reusable: true } } }),
  )
  form.append('filedata', blobOf(file), asciiName(file.media.fileName))
  return form
}

/** The bytes with their type, as forms take them. */
export const blobOf = ({ media, bytes }: File): Blob => new Blob([Buffer.from(bytes)], { type: media.mime })

/** Instagram refuses other letters in names of files. */
const asciiName = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]/g, '_')

/** Buttons alone do not exist: what they ask for says what it is about. */
const worded = ({ text, requestContact, requestLocation }: OutboundMessage) => ({
  text: text || requestContact || requestLocation || '…',
})

/**
 * What can be pressed below a message. Messenger can offer the telephone of the person's profile; a place is sent by the person.
 */
function quickReplies({ options = [], requestContact }: OutboundMessage, phone: boolean): object {
  const replies: object[] = options.map((option, index) => ({
    content_type: 'text',
    title: numberedLabel(option, index),
    payload: option.id,
  }))
  if (phone && requestContact && replies.length < MOST) replies.unshift({ content_type: 'user_phone_number' })
  return replies.length > 0 ? { quick_replies: replies } : {}
}

/** https://developers.facebook.com/docs/messenger-platform/send-messages/quick-replies: 13, titles of 20 characters. */
export const MOST = 13
export const TITLE = 20
