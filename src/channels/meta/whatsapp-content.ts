import type { ContactCard, InboundMessage, MediaKind, MediaRef } from '../message.ts'
import { knownContent, type WhatsAppContent, type WhatsAppFile, type WhatsAppMessage } from './whatsapp-events.ts'

/** What a message says, apart from who said it and when. */
export type Content = Pick<InboundMessage, 'kind' | 'text' | 'choice' | 'media' | 'location' | 'contact' | 'replyTo'>

/** The content of a message; `unsupported` for what we do not read (an order, a form, a poll, a kind of the future…). */
export function contentOf(message: WhatsAppMessage): Content {
  const { data: known } = knownContent.safeParse(message)
  return (known && (readMedia(known) ?? readPress(known) ?? readWords(known, message))) ?? { kind: 'unsupported' }
}

function readMedia(content: WhatsAppContent): Content | undefined {
  switch (content.type) {
    case 'image':
      return ofFile('image', content.image)
    case 'audio':
      return ofFile(content.audio.voice ? 'voice' : 'audio', content.audio)
    case 'video':
      return ofFile('video', content.video)
    case 'sticker':
      return ofFile('sticker', content.sticker)
    case 'document':
      // A photo sent "as a document" is a photo to the one who sent it.
      return ofFile(content.document.mime_type?.startsWith('image/') ? 'image' : 'document', content.document)
    default:
      return undefined
  }
}

function ofFile(kind: MediaKind, { id, mime_type: mime, caption, filename: fileName }: WhatsAppFile): Content {
  const media: MediaRef = { kind, ref: id, ...(mime && { mime }), ...(fileName && { fileName }) }
  return { kind, ...(caption && { text: caption }), media: [media] }
}

function readPress(content: WhatsAppContent): Content | undefined {
  if (content.type === 'button') return choice(content.button.payload, content.button.text)
  if (content.type !== 'interactive') return undefined
  const pressed = content.interactive.button_reply ?? content.interactive.list_reply
  return pressed && choice(pressed.id, pressed.title)
}

function choice(id: string, title: string | undefined): Content {
  const label = title?.replace(/^\d+\. /, '')
  return { kind: 'choice', choice: { id, ...(label && { label }) } }
}

function readWords(content: WhatsAppContent, message: WhatsAppMessage): Content | undefined {
  switch (content.type) {
    case 'text':
      return content.text.body.trim() === '' ? undefined : { kind: 'text', text: content.text.body }
    case 'location':
      return { kind: 'location', location: readPlace(content.location) }
    case 'contacts':
      return readContact(content, message)
    case 'reaction': {
      const { emoji, message_id: replyTo } = content.reaction
      return { kind: 'reaction', ...(emoji && { text: emoji }), replyTo }
    }
    case 'edit': {
      const { message: edited, original_message_id: replyTo } = content.edit
      return { kind: 'edit', ...(edited && { text: edited.text.body }), replyTo }
    }
    case 'revoke':
      return { kind: 'delete', replyTo: content.revoke.original_message_id }
    case 'request_welcome':
      return { kind: 'start' }
    default:
      return undefined
  }
}

function readPlace({ latitude, longitude, name, address }: Extract<WhatsAppContent, { type: 'location' }>['location']) {
  return { latitude, longitude, ...(name && { name }), ...(address && { address }) }
}

/** Own when it is the number that writes, or when it answers our question for it. */
function readContact(
  { contacts, origin }: Extract<WhatsAppContent, { type: 'contacts' }>,
  { from }: WhatsAppMessage,
): Content | undefined {
  const card = contacts.find(({ phones }) => phones.length > 0)
  const [phone] = card?.phones ?? []
  if (!phone) return undefined
  const name = card?.name?.formatted_name
  const own = (from !== undefined && phone.wa_id === from) || (origin?.startsWith('contact_request') ?? false)
  const contact: ContactCard = { phone: phone.phone, own, ...(name && { name }) }
  return { kind: 'contact', contact }
}
