import type { InboundMessage, MediaKind, MediaRef } from '../message.ts'
import type { MetaAttachment, MetaMessage, MetaPostback } from './messaging-events.ts'

/** What a message says, apart from who said it and when. */
export type Content = Pick<InboundMessage, 'kind' | 'text' | 'choice' | 'media' | 'location' | 'contact'>

/** Presses whose payload begins so mean what follows, as if it had been written: our menus and ice breakers. */
export const SAY = 'say:'

/** The payload of the Get Started button, as we set it. */
export const GET_STARTED = 'GET_STARTED'

type Reader = (message: MetaMessage) => Content | undefined

/** In this order: a quick reply has its label as text, a link that was written comes with its preview. */
const READERS: Reader[] = [readQuickReply, readPlace, readLike, readFiles, readText, readShare]

/** The content of a message; `unsupported` for what we do not read (a template, a product, a kind of the future…). */
export function contentOf(message: MetaMessage): Content {
  for (const read of READERS) {
    const content = read(message)
    if (content) return content
  }
  return { kind: 'unsupported' }
}

/** The press of Get Started, of our menus, or of a button below a message. */
export function pressOf({ payload, title, referral }: MetaPostback): Content {
  if (payload === GET_STARTED) return { kind: 'start', ...(referral?.ref && { text: referral.ref }) }
  return choiceOf(payload, title)
}

function choiceOf(payload: string, title: string | undefined): Content {
  if (payload.startsWith(SAY)) return { kind: 'text', text: payload.slice(SAY.length) }
  const label = title?.replace(/^\d+\. /, '')
  return { kind: 'choice', choice: { id: payload, ...(label && { label }) } }
}

const PHONE = /^\+?\d{8,15}$/

/** A telephone comes as the payload of the quick reply that asked for it; Meta knows it to be the person's own. */
function readQuickReply({ quick_reply: reply, text }: MetaMessage): Content | undefined {
  if (!reply) return undefined
  return PHONE.test(reply.payload)
    ? { kind: 'contact', contact: { phone: reply.payload, own: true } }
    : choiceOf(reply.payload, text)
}

function readPlace({ attachments = [], text }: MetaMessage): Content | undefined {
  const place = attachments.find(({ payload }) => payload?.coordinates)?.payload
  if (!place?.coordinates) return undefined
  const { lat, long } = place.coordinates
  return {
    kind: 'location',
    ...(text && { text }),
    location: { latitude: lat, longitude: long, ...(place.title && { name: place.title }) },
  }
}

/** The kinds of attachment whose address is a file; a mention in a story shows that story for a day. */
const FILES: Record<string, MediaKind> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  file: 'document',
  story_mention: 'image',
  animated_image: 'image',
}

/** The thumb that Messenger shows beside the keyboard, in its three sizes. */
const THUMBS = new Set(['369239263222822', '369239343222814', '369239383222810'])

function readFiles({ attachments = [], text }: MetaMessage): Content | undefined {
  const sticker = attachments.find(({ payload }) => payload?.sticker_id)
  if (sticker) return readSticker(sticker)
  const media = attachments.flatMap(fileOf)
  const [first] = media
  return first && { kind: first.kind, ...(text && { text }), media }
}

function fileOf({ type, payload }: MetaAttachment): MediaRef[] {
  const kind = FILES[type]
  return kind && payload?.url ? [{ kind, ref: payload.url, ...nameIn(payload.url, kind) }] : []
}

/** Only documents have a name worth showing; it is the last part of the address. */
function nameIn(address: string, kind: MediaKind): { fileName?: string } {
  if (kind !== 'document' || !URL.canParse(address)) return {}
  const name = new URL(address).pathname.split('/').at(-1)
  return name ? { fileName: decoded(name) } : {}
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    // Not percent-encoded after all: then it is its own name.
    return name
  }
}

function readSticker({ payload }: MetaAttachment): Content {
  const thumb = THUMBS.has(payload?.sticker_id ?? '')
  return {
    kind: 'sticker',
    ...(thumb && { text: '👍' }),
    ...(payload?.url && { media: [{ kind: 'sticker', ref: payload.url }] }),
  }
}

/** Instagram's double tap on the conversation. */
function readLike({ attachments = [] }: MetaMessage): Content | undefined {
  return attachments.some(({ type }) => type === 'like_heart') ? { kind: 'sticker', text: '❤️' } : undefined
}

function readText({ text }: MetaMessage): Content | undefined {
  return text?.trim() ? { kind: 'text', text } : undefined
}

/** A shared post, reel or link is what it says and where it is; nobody of ours follows it. */
const SHARED = new Set(['fallback', 'share', 'post', 'ig_post', 'reel', 'ig_reel'])

function readShare({ attachments = [] }: MetaMessage): Content | undefined {
  const shared = attachments.find(({ type, payload }) => SHARED.has(type) && (payload?.url ?? payload?.title))
  const text = [shared?.payload?.title, shared?.payload?.url].filter(Boolean).join('\n')
  return text ? { kind: 'text', text } : undefined
}
