import type { AnyMessageContent } from '@whiskeysockets/baileys'
import type { OutboundMedia, OutboundMessage } from '../message.ts'

/** What WhatsApp shows as pictures; others go as documents. */
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/webp'])

/** What Baileys sends for one message, with the bytes of its file. There are no buttons: options are already lines of the text. */
export function toWhatsapp(message: OutboundMessage, file?: Buffer): AnyMessageContent {
  const text = message.text || message.requestLocation || message.requestContact || ''
  // A preview would have this server open the citizen's private page.
  return message.media && file ? withFile(message.media, file, text) : { text, linkPreview: null }
}

function withFile({ kind, mime, fileName }: OutboundMedia, file: Buffer, caption: string): AnyMessageContent {
  const common = { mimetype: mime, ...(caption && { caption }) }
  switch (kind) {
    case 'image':
      return PICTURES.has(mime) ? { image: file, ...common } : { document: file, fileName, ...common }
    case 'video':
      return { video: file, ...common }
    case 'voice':
    case 'audio':
      return { audio: file, mimetype: mime, ptt: kind === 'voice' }
    case 'sticker':
      return { sticker: file, mimetype: mime }
    default:
      return { document: file, fileName, ...common }
  }
}
