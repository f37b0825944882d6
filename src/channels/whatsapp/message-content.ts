import {
  normalizeMessageContent,
  proto,
  toNumber,
  type WAContextInfo,
  type WAMessageContent,
} from '@whiskeysockets/baileys'
import type { ContactCard, InboundMessage, MediaKind, MediaRef } from '../message.ts'
import { mediaRef, type SecretFile } from './media-ref.ts'

/** What a message says, apart from who said it and when. */
export type Content = Pick<
  InboundMessage,
  'kind' | 'text' | 'choice' | 'media' | 'location' | 'contact' | 'replyTo' | 'group'
>

type Reader = (content: WAMessageContent) => Content | undefined

const READERS: Reader[] = [
  readText,
  readFiles,
  readSticker,
  readPlace,
  readContact,
  readPress,
  readReaction,
  readProtocol,
]

/** Parts of a message that say nothing by themselves. */
const SILENT = new Set([
  'messageContextInfo',
  'senderKeyDistributionMessage',
  'protocolMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  // Announces an album, whose pictures follow.
  'albumMessage',
])

/** The content of a message; `unsupported` for what we do not read (a poll, an event…), undefined for what people do not see. */
export function contentOf(message: WAMessageContent): Content | undefined {
  const content = normalizeMessageContent(message) ?? message
  for (const read of READERS) {
    const found = read(content)
    if (found) return { ...found, ...albumOf(message, content) }
  }
  const named = Object.entries(content).filter(([name, value]) => value && !SILENT.has(name))
  return named.length > 0 ? { kind: 'unsupported' } : undefined
}

/** The pictures of an album name the message that announced it. */
function albumOf(...contents: WAMessageContent[]): Pick<Content, 'group'> {
  const { AssociationType } = proto.MessageAssociation
  const [album] = contents.flatMap(({ messageContextInfo }) => messageContextInfo?.messageAssociation ?? [])
  const group = album?.associationType === AssociationType.MEDIA_ALBUM ? album.parentMessageKey?.id : undefined
  return group ? { group } : {}
}

function readText({ conversation, extendedTextMessage: text }: WAMessageContent): Content | undefined {
  if (conversation?.trim()) return { kind: 'text', text: conversation }
  return text?.text?.trim() ? { kind: 'text', text: text.text, ...answers(text.contextInfo) } : undefined
}

interface Captioned extends SecretFile {
  caption?: string | null
  contextInfo?: WAContextInfo | null
}

function readFiles(content: WAMessageContent): Content | undefined {
  const { imageMessage, audioMessage, documentMessage } = content
  const videoMessage = content.videoMessage ?? content.ptvMessage
  if (imageMessage) return withFile('image', 'image', imageMessage)
  if (videoMessage) return withFile('video', 'video', videoMessage)
  if (audioMessage) return withFile(audioMessage.ptt ? 'voice' : 'audio', 'audio', audioMessage)
  // A photo sent as a file is a photo to the one who sent it.
  const kind = documentMessage?.mimetype?.startsWith('image/') ? 'image' : 'document'
  return documentMessage ? withFile(kind, 'document', documentMessage) : undefined
}

function withFile(kind: MediaKind, sealedAs: MediaRefType, file: Captioned): Content {
  const text = file.caption?.trim()
  return { kind, ...(text && { text }), media: [refOf(kind, sealedAs, file)], ...answers(file.contextInfo) }
}

type MediaRefType = Parameters<typeof mediaRef>[0]

function refOf(kind: MediaKind, sealedAs: MediaRefType, file: SecretFile): MediaRef {
  const { mimetype, fileName, fileLength, seconds } = file
  return {
    kind,
    ref: mediaRef(sealedAs, file),
    ...(mimetype && { mime: mimetype }),
    ...(fileName && { fileName }),
    ...(fileLength && { bytes: toNumber(fileLength) }),
    ...(seconds && { duration: seconds }),
  }
}

function readSticker({ stickerMessage: sticker }: WAMessageContent): Content | undefined {
  return sticker
    ? { kind: 'sticker', media: [refOf('sticker', 'sticker', sticker)], ...answers(sticker.contextInfo) }
    : undefined
}

function readPlace({ locationMessage, liveLocationMessage }: WAMessageContent): Content | undefined {
  const place = locationMessage ?? liveLocationMessage
  if (typeof place?.degreesLatitude !== 'number' || typeof place.degreesLongitude !== 'number') return undefined
  const { name, address } = locationMessage ?? {}
  const location = {
    latitude: place.degreesLatitude,
    longitude: place.degreesLongitude,
    ...(name && { name }),
    ...(address && { address }),
  }
  return { kind: 'location', location, ...answers(place.contextInfo) }
}

function readContact({ contactMessage, contactsArrayMessage }: WAMessageContent): Content | undefined {
  const card = contactMessage ?? contactsArrayMessage?.contacts?.[0]
  if (!card) return undefined
  const contact = readCard(card.vcard ?? '', card.displayName ?? undefined)
  return contact ? { kind: 'contact', contact } : { kind: 'unsupported' }
}

/** RFC 6350; WhatsApp adds the number as it knows it: `TEL;type=CELL;waid=5218331234567:+52 1 833 123 4567`. */
function readCard(vcard: string, name: string | undefined): ContactCard | undefined {
  const line = vcard.split(/\r?\n/).find((one) => /^(item\d+\.)?TEL\b/i.test(one))
  const phone = /waid=(\d+)/i.exec(line ?? '')?.[1] ?? line?.slice(line.indexOf(':') + 1).trim()
  // Nobody vouches that it is the sender's own.
  return phone ? { phone, own: false, ...(name && { name }) } : undefined
}

/** We send no buttons, but a button of an older message, or of a message forwarded to us, can be pressed. */
function readPress(content: WAMessageContent): Content | undefined {
  const { buttonsResponseMessage: button, listResponseMessage: list, templateButtonReplyMessage: template } = content
  if (button) return press(button.selectedButtonId, button.selectedDisplayText, button.contextInfo)
  if (list) return press(list.singleSelectReply?.selectedRowId, list.title, list.contextInfo)
  return template ? press(template.selectedId, template.selectedDisplayText, template.contextInfo) : undefined
}

function press(
  id: string | null | undefined,
  label: string | null | undefined,
  context: WAContextInfo | null | undefined,
): Content {
  if (!id) return { kind: 'text', text: label ?? '', ...answers(context) }
  return { kind: 'choice', choice: { id, ...(label && { label }) }, ...answers(context) }
}

/** An empty text takes the reaction back. */
function readReaction({ reactionMessage: reaction }: WAMessageContent): Content | undefined {
  if (!reaction) return undefined
  return {
    kind: 'reaction',
    ...(reaction.text && { text: reaction.text }),
    ...(reaction.key?.id && { replyTo: reaction.key.id }),
  }
}

/** Edits and deletions; the rest of the protocol is between devices. */
function readProtocol({ protocolMessage: event }: WAMessageContent): Content | undefined {
  const { Type } = proto.Message.ProtocolMessage
  const replyTo = event?.key?.id ?? undefined
  if (!event || !replyTo) return undefined
  if (event.type === Type.REVOKE) return { kind: 'delete', replyTo }
  if (event.type !== Type.MESSAGE_EDIT || !event.editedMessage) return undefined
  const { text, media } = contentOf(event.editedMessage) ?? {}
  return { kind: 'edit', replyTo, ...(text && { text }), ...(media && { media }) }
}

const answers = (context: WAContextInfo | null | undefined) => (context?.stanzaId ? { replyTo: context.stanzaId } : {})
