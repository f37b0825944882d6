import { describe, expect, it } from 'vitest'
import type { OutboundMedia, OutboundMessage } from '../../../src/channels/message.ts'
import { SendError } from '../../../src/channels/send-error.ts'
import { toTelegram } from '../../../src/channels/telegram/to-telegram.ts'

const bytes = Buffer.from('the bytes')
const foto: OutboundMedia = { kind: 'image', key: 'k', mime: 'image/jpeg', fileName: 'bache.jpg' }
const file = { source: bytes, filename: 'bache.jpg' }
const noKeyboard = { remove_keyboard: true }
const noPreview = { is_disabled: true }
const options = (...labels: string[]) => labels.map((label) => ({ id: `o:${label}`, label }))
const enlace = { label: 'Ver mi folio', url: 'https://altamira.example/folio/1' }

const texts: { label: string; message: OutboundMessage; payload: Record<string, unknown> }[] = [
  {
    label: 'a text, as it is, without a preview of its links; a keyboard left over is put away',
    message: { text: 'Su folio es <b> *UAC* _1_' },
    payload: { text: 'Su folio es <b> *UAC* _1_', reply_markup: noKeyboard },
  },
  {
    label: 'an answer to a message',
    message: { text: 'Sí', replyTo: '55' },
    payload: {
      text: 'Sí',
      reply_markup: noKeyboard,
      reply_parameters: { message_id: 55, allow_sending_without_reply: true },
    },
  },
  {
    label: 'options as numbered buttons, long ones below each other',
    message: { text: '¿Qué pasó?', options: options('Bache', 'Luminaria apagada') },
    payload: {
      text: '¿Qué pasó?',
      reply_markup: {
        inline_keyboard: [
          [{ text: '1. Bache', callback_data: 'o:Bache' }],
          [{ text: '2. Luminaria apagada', callback_data: 'o:Luminaria apagada' }],
        ],
      },
    },
  },
  {
    label: 'short options beside each other, and a link below them',
    message: { text: '¿Quedó?', options: options('Sí', 'No', 'Menú', 'Otro'), link: enlace },
    payload: {
      text: '¿Quedó?',
      reply_markup: {
        inline_keyboard: [
          [
            { text: '1. Sí', callback_data: 'o:Sí' },
            { text: '2. No', callback_data: 'o:No' },
            { text: '3. Menú', callback_data: 'o:Menú' },
          ],
          [{ text: '4. Otro', callback_data: 'o:Otro' }],
          [{ text: 'Ver mi folio', url: 'https://altamira.example/folio/1' }],
        ],
      },
    },
  },
  {
    label: 'a link alone',
    message: { text: 'Hay una novedad', link: enlace },
    payload: {
      text: 'Hay una novedad',
      reply_markup: { inline_keyboard: [[{ text: enlace.label, url: enlace.url }]] },
    },
  },
  {
    label: 'a place is asked for with a keyboard for once, the options on it',
    message: { text: '¿Dónde?', requestLocation: 'Compartir mi ubicación', options: options('Escribir la colonia') },
    payload: {
      text: '¿Dónde?',
      reply_markup: {
        keyboard: [[{ text: 'Compartir mi ubicación', request_location: true }], [{ text: 'Escribir la colonia' }]],
        resize_keyboard: true,
        one_time_keyboard: true,
      },
    },
  },
  {
    label: 'a telephone is asked for, a link then goes into the text',
    message: { text: '¿Teléfono?', requestContact: 'Compartir mi teléfono', link: enlace },
    payload: {
      text: '¿Teléfono?\n\nVer mi folio: https://altamira.example/folio/1',
      reply_markup: {
        keyboard: [[{ text: 'Compartir mi teléfono', request_contact: true }]],
        resize_keyboard: true,
        one_time_keyboard: true,
      },
    },
  },
  {
    label: 'buttons without a text get one, for Telegram has no message without',
    message: { requestLocation: 'Compartir mi ubicación' },
    payload: {
      text: 'Compartir mi ubicación',
      reply_markup: {
        keyboard: [[{ text: 'Compartir mi ubicación', request_location: true }]],
        resize_keyboard: true,
        one_time_keyboard: true,
      },
    },
  },
]

const files: { label: string; media: Partial<OutboundMedia>; method: string; field: string }[] = [
  { label: 'a photo', media: {}, method: 'sendPhoto', field: 'photo' },
  { label: 'an SVG', media: { mime: 'image/svg+xml' }, method: 'sendDocument', field: 'document' },
  { label: 'a voice note', media: { kind: 'voice', mime: 'audio/ogg' }, method: 'sendVoice', field: 'voice' },
  { label: 'a sound', media: { kind: 'audio', mime: 'audio/mpeg' }, method: 'sendAudio', field: 'audio' },
  { label: 'a video', media: { kind: 'video', mime: 'video/mp4' }, method: 'sendVideo', field: 'video' },
  { label: 'a PDF', media: { kind: 'document', mime: 'application/pdf' }, method: 'sendDocument', field: 'document' },
]

describe('a message as one call of the Bot API', () => {
  it.each(texts)('says $label', ({ message, payload }) => {
    expect(toTelegram('7', message)).toEqual({
      method: 'sendMessage',
      payload: { chat_id: '7', link_preview_options: noPreview, ...payload },
    })
  })

  it.each(files)('sends $label by $method, with its caption', ({ media, method, field }) => {
    const message: OutboundMessage = { media: { ...foto, ...media }, text: 'Así quedó', replyTo: '55' }
    expect(toTelegram('7', message, bytes)).toEqual({
      method,
      payload: {
        chat_id: '7',
        [field]: file,
        caption: 'Así quedó',
        reply_markup: noKeyboard,
        reply_parameters: '{"message_id":55,"allow_sending_without_reply":true}',
      },
    })
  })

  it('sends a photo that is too large for a photo as a document', () => {
    expect(toTelegram('7', { media: foto }, new Uint8Array(10 * 1024 * 1024 + 1)).method).toBe('sendDocument')
  })

  it('sends a sticker without a caption', () => {
    const { method, payload } = toTelegram('7', { media: { ...foto, kind: 'sticker' }, text: 'x' }, bytes)
    expect({ method, payload }).toEqual({
      method: 'sendSticker',
      payload: { chat_id: '7', sticker: file, reply_markup: noKeyboard },
    })
  })

  it('lets no file name write headers of its own', () => {
    const call = toTelegram('7', { media: { ...foto, fileName: 'a"\r\nx: y\\.jpg' } }, bytes)
    expect(call.payload.photo).toEqual({ source: bytes, filename: 'a___x: y_.jpg' })
  })

  it('refuses an option whose id would not come back', () => {
    const send = () => toTelegram('7', { text: '?', options: [{ id: 'ñ'.repeat(33), label: 'x' }] })
    expect(send).toThrow(SendError)
    expect(send).toThrow(/over 64 bytes/)
  })
})
