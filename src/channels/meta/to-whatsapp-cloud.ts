import type { MetaProfile } from '../canales.ts'
import type { MediaKind, Option, OutboundMedia, OutboundMessage } from '../message.ts'
import { numberedLabel } from '../split-message.ts'
import { filledTemplate, type Template } from './template.ts'

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages: 3, titles of 20 characters. */
const BUTTONS = 3
const BUTTON_TITLE = 20

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages: 10 rows, titles of 24 characters. */
export const ROWS = 10
export const ROW_TITLE = 24

/** Of the text above what can be pressed; plain texts may have 4096. */
export const BODY = 1024

/** What of the settings is shown: the title of the button that opens a list. */
export type Words = Pick<MetaProfile, 'lista'>

const TYPES: Record<MediaKind, 'image' | 'audio' | 'video' | 'document' | 'sticker'> = {
  image: 'image',
  sticker: 'sticker',
  voice: 'audio',
  audio: 'audio',
  video: 'video',
  document: 'document',
}

/** Types that WhatsApp shows as what they are; the rest goes as a document, which takes any. */
const SHOWN: Record<string, RegExp> = {
  image: /^image\/(jpeg|png)$/,
  sticker: /^image\/webp$/,
  audio: /^audio\/(aac|amr|mpeg|mp4|ogg)/,
  video: /^video\/(mp4|3gpp)$/,
}

/** The body of the one call that says a message; the file of one that has any was uploaded before, and is named by its id. */
export function toWhatsAppCloud(to: string, message: OutboundMessage, words: Words, mediaId?: string): object {
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...addressed(to),
    ...(message.replyTo && { context: { message_id: message.replyTo } }),
    ...(message.media && mediaId ? withFile(message, message.media, mediaId) : worded(message, words)),
  }
}

/** The same by a template that Meta approved; undefined when it has more than words. */
export function byTemplate(to: string, message: OutboundMessage, wanted: Template) {
  const template = filledTemplate(message, wanted)
  if (!template) return undefined
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...addressed(to),
    type: 'template',
    template,
  }
}

/** A telephone is `to`, an id for this business (`MX.1349…`) is `recipient`. */
export const addressed = (to: string) => (/^\+?\d+$/.test(to) ? { to } : { recipient: to })

function withFile({ text }: OutboundMessage, media: OutboundMedia, id: string): object {
  const wanted = TYPES[media.kind]
  const type = SHOWN[wanted]?.test(media.mime) === false ? 'document' : wanted
  const captioned = text && type !== 'audio' && type !== 'sticker' ? { caption: text } : {}
  return { type, [type]: { id, ...captioned, ...(type === 'document' && { filename: media.fileName }) } }
}

function worded(message: OutboundMessage, words: Words): object {
  const { text, options = [], requestLocation, requestContact } = message
  const body = { text: text || requestLocation || requestContact || '…' }
  if (options.length > 0) return { type: 'interactive', interactive: { ...pressable(options, words), body } }
  if (requestLocation) {
    const action = { name: 'send_location' }
    return { type: 'interactive', interactive: { type: 'location_request_message', body, action } }
  }
  // A preview would have WhatsApp open the citizen's private follow-up page.
  return { type: 'text', text: { body: body.text, preview_url: false } }
}

function pressable(options: Option[], words: Words): object {
  const titled = options.map((option, index) => ({ id: option.id, title: numberedLabel(option, index) }))
  if (titled.length <= BUTTONS && titled.every(({ title }) => title.length <= BUTTON_TITLE)) {
    return { type: 'button', action: { buttons: titled.map((reply) => ({ type: 'reply', reply })) } }
  }
  return { type: 'list', action: { button: words.lista, sections: [{ rows: titled }] } }
}
