import type { MediaKind, OutboundMedia, OutboundMessage } from '../message.ts'
import { SendError } from '../send-error.ts'
import { asksToShare, replyMarkup } from './keyboards.ts'

/** One call of the Bot API. */
export interface TelegramCall {
  method: string
  payload: Record<string, unknown>
}

/** `callback_data` is at most so many bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton). */
const CALLBACK_BYTES = 64

/** `sendPhoto` takes at most so many bytes (https://core.telegram.org/bots/api#sendphoto); larger ones go as documents. */
const PHOTO_BYTES = 10 * 1024 * 1024

const PHOTO_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp'])

const METHODS: Record<MediaKind, { method: string; field: string }> = {
  image: { method: 'sendPhoto', field: 'photo' },
  voice: { method: 'sendVoice', field: 'voice' },
  audio: { method: 'sendAudio', field: 'audio' },
  video: { method: 'sendVideo', field: 'video' },
  document: { method: 'sendDocument', field: 'document' },
  sticker: { method: 'sendSticker', field: 'sticker' },
}

/**
 * The one call that says a message to a chat; `bytes` are those of its file. Texts are sent as they are, without markup.
 * @throws {SendError} `invalid` when an option's id is too long to come back.
 */
export function toTelegram(to: string, message: OutboundMessage, bytes?: Uint8Array): TelegramCall {
  const tooLong = message.options?.find((option) => Buffer.byteLength(option.id) > CALLBACK_BYTES)
  if (tooLong)
    throw new SendError('invalid', `The option ${tooLong.id} has an id of over 64 bytes`, { retryable: false })
  const common = { chat_id: to, reply_markup: replyMarkup(message) }
  return message.media && bytes ? withFile(common, message, message.media, bytes) : withText(common, message)
}

function withText(common: object, message: OutboundMessage): TelegramCall {
  return {
    method: 'sendMessage',
    payload: {
      ...common,
      // A message of buttons alone does not exist: the first of them says what it is about.
      text: textOf(message) || message.requestLocation || message.requestContact || message.link?.label || '…',
      // A preview would have Telegram open the citizen's private follow-up page.
      link_preview_options: { is_disabled: true },
      ...(message.replyTo && { reply_parameters: replyParameters(message.replyTo) }),
    },
  }
}

function withFile(common: object, message: OutboundMessage, media: OutboundMedia, bytes: Uint8Array): TelegramCall {
  const { method, field } = METHODS[shownAs(media, bytes)]
  const caption = textOf(message)
  return {
    method,
    payload: {
      ...common,
      [field]: {
        source: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        filename: safe(media.fileName),
      },
      ...(caption && media.kind !== 'sticker' && { caption }),
      // In a form, telegraf only turns `reply_markup` into JSON by itself.
      ...(message.replyTo && { reply_parameters: JSON.stringify(replyParameters(message.replyTo)) }),
    },
  }
}

function shownAs(media: OutboundMedia, bytes: Uint8Array): MediaKind {
  const isPhoto = PHOTO_TYPES.has(media.mime) && bytes.byteLength <= PHOTO_BYTES
  return media.kind === 'image' && !isPhoto ? 'document' : media.kind
}

function textOf({ text = '', link, ...message }: OutboundMessage): string {
  return link && asksToShare(message) ? `${text}\n\n${link.label}: ${link.url}`.trim() : text
}

const replyParameters = (messageId: string) => ({ message_id: Number(messageId), allow_sending_without_reply: true })

/** The name goes into a header of the form as it is. */
const safe = (fileName: string) => fileName.replaceAll(/["\\\r\n\0]/g, '_')
