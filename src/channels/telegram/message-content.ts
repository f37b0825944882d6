import type { InboundMessage, MediaKind, MediaRef } from '../message.ts'
import type { TelegramFile, TelegramMessage } from './updates.ts'

/** What a message says, apart from who said it and when. */
export type Content = Pick<InboundMessage, 'kind' | 'text' | 'media' | 'location' | 'contact'>

type Reader = (message: TelegramMessage) => Content | undefined

/** In this order: an animation is also a document, a venue also a location. */
const READERS: Reader[] = [readText, readPhoto, readAnimation, readFiles, readSticker, readPlace, readContact]

/** The content of a message; `unsupported` with its caption for what we do not read (a poll, a game, a payment…). */
export function contentOf(message: TelegramMessage): Content {
  for (const read of READERS) {
    const content = read(message)
    if (content) return content
  }
  return { kind: 'unsupported', ...caption(message) }
}

const START = /^\/start(?:@\w+)?(?:\s+(?<payload>\S[\s\S]*))?$/

/** `/cancelar@bot` means the word. */
const COMMAND = /^\/(?<word>\w{1,32})(?:@\w+)?(?=\s|$)/

function readText({ text }: TelegramMessage): Content | undefined {
  if (!text?.trim()) return undefined
  const start = START.exec(text)
  if (start) return { kind: 'start', ...(start.groups?.payload && { text: start.groups.payload }) }
  return { kind: 'text', text: text.replace(COMMAND, (_all, word: string) => word.replaceAll('_', ' ')) }
}

function readPhoto(message: TelegramMessage): Content | undefined {
  const [largest] = message.photo?.toSorted((a, b) => b.width * b.height - a.width * a.height) ?? []
  return largest && content(message, 'image', mediaOf('image', largest, 'image/jpeg'))
}

function readAnimation(message: TelegramMessage): Content | undefined {
  return message.animation && content(message, 'video', mediaOf('video', message.animation, 'video/mp4'))
}

function readFiles(message: TelegramMessage): Content | undefined {
  const { voice, audio, document } = message
  const video = message.video ?? message.video_note
  if (voice) return content(message, 'voice', mediaOf('voice', voice, 'audio/ogg'))
  if (audio) return content(message, 'audio', mediaOf('audio', audio))
  if (video) return content(message, 'video', mediaOf('video', video, 'video/mp4'))
  // A photo sent "as a file" is a photo to the one who sent it.
  const kind = document?.mime_type?.startsWith('image/') ? 'image' : 'document'
  return document && content(message, kind, mediaOf(kind, document))
}

function readSticker({ sticker }: TelegramMessage): Content | undefined {
  if (!sticker) return undefined
  const still = sticker.is_animated ? 'application/x-tgsticker' : 'image/webp'
  const media = mediaOf('sticker', sticker, sticker.is_video ? 'video/webm' : still)
  return { kind: 'sticker', ...(sticker.emoji && { text: sticker.emoji }), media: [media] }
}

function readPlace({ venue, location }: TelegramMessage): Content | undefined {
  if (venue) return { kind: 'location', location: { ...venue.location, name: venue.title, address: venue.address } }
  return location && { kind: 'location', location }
}

function readContact({ contact: card, from }: TelegramMessage): Content | undefined {
  if (!card) return undefined
  const name = [card.first_name, card.last_name].filter(Boolean).join(' ')
  const own = card.user_id !== undefined && card.user_id === from?.id
  return { kind: 'contact', contact: { phone: card.phone_number, own, ...(name && { name }) } }
}

function content(message: TelegramMessage, kind: Content['kind'], media: MediaRef): Content {
  return { kind, ...caption(message), media: [media] }
}

const caption = ({ caption: text }: TelegramMessage) => (text === undefined ? {} : { text })

function mediaOf(kind: MediaKind, file: TelegramFile, usualMime?: string): MediaRef {
  const mime = file.mime_type ?? usualMime
  return {
    kind,
    ref: file.file_id,
    ...(mime && { mime }),
    ...(file.file_name && { fileName: file.file_name }),
    ...(file.file_size !== undefined && { bytes: file.file_size }),
    ...(file.duration !== undefined && { duration: file.duration }),
  }
}
