import type { InboundMessage, MediaKind, MediaRef } from '../../../../src/channels/message.ts'
import type { ChannelCases, InputCase } from '../case.ts'

const at = (seconds: number) => new Date(seconds * 1000)
const NOW = new Date('2026-11-22T18:00:00Z')

const rosa = { address: '712345678', name: 'Persona de Prueba', language: 'es' }
const VIDEO = 'video/mp4'
const IMAGE = 'image/jpeg'
const place = { latitude: 22.392881, longitude: -97.938644 }
const file = (kind: MediaKind, ref: string, more: Partial<MediaRef> = {}): MediaRef => ({ kind, ref, ...more })
const said = (name: string, content: Partial<InboundMessage>): InputCase => ({ file: name, becomes: [content] })
const unreadable = (name: string, text?: string) =>
  said(name, { kind: 'unsupported', from: rosa, ...(text && { text }) })
const nobodys = (name: string): InputCase => ({ file: name })

/** https://core.telegram.org/bots/api#available-types */
export const telegram: ChannelCases = {
  name: 'telegram',
  folder: 'telegram/fixtures',
  inputs: {
    text: [
      said('text', {
        externalId: '870101',
        from: rosa,
        kind: 'text',
        text: 'hay un bache enfrente de mi casa',
        sentAt: at(1795370400),
        providerId: '1100',
      }),
      said('text-no-profile', {
        externalId: '870102',
        from: { address: '6123456789', name: 'Beto' },
        kind: 'text',
        text: 'Buenas tardes 👋',
        sentAt: at(1795370401),
        providerId: '1101',
      }),
      said('text-with-entities-and-preview', { kind: 'text', text: 'miren https://example.com/foto y #baches' }),
      said('text-long', { kind: 'text', text: 'La luminaria no sirve, señor. '.repeat(130) }),
      said('text-emoji-accents', {
        kind: 'text',
        text: '¡Se inundó la calle Ñandú! 🌧️🚗 ¿Quién ayuda? 👨‍👩‍👧',
      }),
      said('text-forwarded', { kind: 'text', text: 'No hay luz en la plaza' }),
      said('text-slash-inside', { kind: 'text', text: 'km 3/4 carretera Tampico-Mante' }),
      said('message-of-the-future', { kind: 'text', text: 'hola' }),
      said('command', { kind: 'text', text: 'cancelar' }),
      said('command-to-bot-with-words', { kind: 'text', text: 'folio UAC-26-004217-8' }),
      said('command-underscore', { kind: 'text', text: 'mis folios' }),
    ],
    image: [
      said('photo', { kind: 'image', media: [file('image', 'AgACAgEAAxkBAAIa3', { mime: IMAGE, bytes: 188472 })] }),
      said('photo-caption', {
        kind: 'image',
        text: 'Así está la calle Hidalgo',
        media: [file('image', 'AgACAgEAAxkBAAIb2', { mime: IMAGE, bytes: 201333 })],
      }),
      said('document-image', {
        kind: 'image',
        media: [file('image', 'BQACAgEAAxkBAAIk3', { mime: 'image/heic', fileName: 'IMG_2031.HEIC', bytes: 3088123 })],
      }),
    ],
    album: [
      said('photo-album-first', {
        kind: 'image',
        text: 'Tres fotos del bache',
        group: '13840938573412345',
        media: [file('image', 'AgACAgEAAxkBAAIc2', { mime: IMAGE, bytes: 150000 })],
      }),
      said('photo-album-second', {
        kind: 'image',
        group: '13840938573412345',
        media: [file('image', 'AgACAgEAAxkBAAId2', { mime: IMAGE, bytes: 151000 })],
      }),
      said('video-album', {
        kind: 'video',
        group: '13840938573412345',
        media: [file('video', 'BAACAgEAAxkBAAIe1', { mime: VIDEO, bytes: 900111, duration: 5 })],
      }),
    ],
    voice: [
      said('voice', {
        kind: 'voice',
        media: [file('voice', 'AwACAgEAAxkBAAIf1', { mime: 'audio/ogg', bytes: 53211, duration: 14 })],
      }),
      said('voice-without-mime', {
        kind: 'voice',
        media: [file('voice', 'AwACAgEAAxkBAAIf2', { mime: 'audio/ogg', duration: 2 })],
      }),
    ],
    audio: [
      said('audio', {
        kind: 'audio',
        text: 'Ruido a las 3 am',
        media: [
          file('audio', 'CQACAgEAAxkBAAIg1', {
            mime: 'audio/mpeg',
            fileName: 'ruido-nocturno.mp3',
            bytes: 1934412,
            duration: 121,
          }),
        ],
      }),
    ],
    video: [
      said('video', {
        kind: 'video',
        text: 'Fuga de agua',
        media: [file('video', 'BAACAgEAAxkBAAIh1', { mime: VIDEO, fileName: 'fuga.mp4', bytes: 2202009, duration: 9 })],
      }),
      said('video-note', {
        kind: 'video',
        media: [file('video', 'DQACAgEAAxkBAAIi1', { mime: VIDEO, bytes: 402112, duration: 6 })],
      }),
      said('animation', {
        kind: 'video',
        media: [file('video', 'CgACAgQAAxkBAAIj1', { mime: VIDEO, fileName: 'giphy.mp4', bytes: 220011, duration: 3 })],
      }),
    ],
    document: [
      said('document', {
        kind: 'document',
        text: 'Oficio firmado',
        media: [
          file('document', 'BQACAgEAAxkBAAIk1', {
            mime: 'application/pdf',
            fileName: 'oficio vecinos.pdf',
            bytes: 88123,
          }),
        ],
      }),
      said('document-without-name', { kind: 'document', media: [file('document', 'BQACAgEAAxkBAAIk2')] }),
    ],
    sticker: [
      said('sticker', {
        kind: 'sticker',
        text: '👍',
        media: [file('sticker', 'CAACAgEAAxkBAAIl1', { mime: 'image/webp', bytes: 20422 })],
      }),
      said('sticker-animated', {
        kind: 'sticker',
        text: '👍',
        media: [file('sticker', 'CAACAgEAAxkBAAIl2', { mime: 'application/x-tgsticker', bytes: 20422 })],
      }),
      said('sticker-video-without-emoji', {
        kind: 'sticker',
        media: [file('sticker', 'CAACAgEAAxkBAAIl3', { mime: 'video/webm', bytes: 20422 })],
      }),
    ],
    location: [
      said('location', { kind: 'location', location: place }),
      said('location-live', { kind: 'location', location: place }),
    ],
    venue: [
      said('venue', {
        kind: 'location',
        location: {
          latitude: 22.394,
          longitude: -97.9381,
          name: 'Plaza Constitución',
          address: 'Altamira Centro, Altamira, Tamps.',
        },
      }),
    ],
    contact: [
      said('contact-own', {
        kind: 'contact',
        contact: { name: 'Persona de Prueba', phone: '+528331234567', own: true },
        replyTo: '1002',
      }),
      said('contact-other', { kind: 'contact', contact: { name: 'Don Luis', phone: '8337654321', own: false } }),
      said('contact-without-user', { kind: 'contact', contact: { phone: '8337654321', own: false } }),
    ],
    press: [
      said('press', {
        externalId: '870144',
        from: rosa,
        kind: 'choice',
        choice: { id: 'cat:luminaria', label: 'Luminaria apagada' },
        replyTo: '1050',
        sentAt: NOW,
        channelData: { callbackQueryId: '3059433158877512345' },
      }),
      said('press-old-message', { kind: 'choice', choice: { id: 'menu' }, replyTo: '12' }),
      said('press-inline-message', { kind: 'choice', choice: { id: 'x' } }),
    ],
    reply: [said('text-reply', { kind: 'text', text: 'Sí, esa', replyTo: '1001' })],
    edit: [
      said('edited-text', {
        externalId: '870141',
        from: rosa,
        kind: 'edit',
        text: 'hay DOS baches enfrente de mi casa',
        replyTo: '1100',
        sentAt: at(1795370999),
        providerId: '1100',
      }),
      said('edited-caption', {
        kind: 'edit',
        text: 'Calle Hidalgo 14',
        replyTo: '1141',
        media: [file('image', 'AgACAgEAAxkBAAIm2', { mime: IMAGE, bytes: 2 })],
      }),
    ],
    delete: 'Telegram no avisa al bot de los mensajes que una persona borra.',
    reaction: [
      said('reaction', {
        externalId: '870154',
        from: rosa,
        kind: 'reaction',
        text: '👍',
        replyTo: '1050',
        sentAt: at(1795371300),
      }),
      said('reaction-removed', { externalId: '870155', kind: 'reaction', replyTo: '1050' }),
      said('reaction-custom', { externalId: '870156', kind: 'reaction', replyTo: '1050' }),
    ],
    start: [said('start', { kind: 'start' }), said('start-payload', { kind: 'start', text: 'cartel_plaza-07' })],
    blocked: [
      said('blocked', { externalId: '870148', from: rosa, kind: 'blocked', sentAt: at(1795371100) }),
      said('unblocked', { externalId: '870149', from: rosa, kind: 'unblocked', sentAt: at(1795371100) }),
    ],
    person: 'Por un bot sólo contesta el programa: no hay bandeja de Telegram donde conteste una persona.',
    receipt: 'Telegram no dice a los bots qué se entregó ni qué se leyó.',
    batch: 'Cada envío del webhook trae un solo suceso; por lotes se reciben al preguntar (telegram/poll.test.ts).',
    unknown: [
      unreadable('text-empty'),
      unreadable('poll'),
      unreadable('dice'),
      unreadable('paid-media-with-caption', 'vea'),
      unreadable('service-pinned'),
      unreadable('photo-malformed'),
      unreadable('location-malformed'),
      unreadable('press-game'),
      unreadable('kind-of-the-future'),
      unreadable('inline-query'),
      unreadable('poll-answer'),
      unreadable('date-impossible'),
    ],
    nobody: [
      'group-added',
      'group-text',
      'group-press',
      'channel-post',
      'edited-live-location',
      'poll-closed',
      'empty-update',
      'business-message',
    ].map(nobodys),
  },
  outputs: {
    text: true,
    long: true,
    buttons: true,
    menu: true,
    caption: true,
    document: true,
    voice: true,
    reply: true,
    place: true,
    telephone: true,
    link: true,
    notice: 'Telegram no tiene ventana de horas: se escribe mientras la persona no bloquee al bot.',
    staff: 'Telegram no tiene ventana de horas.',
  },
  abuses: {
    malformed: ['{"update_id":', 'hola', '[]', 'null', '{"message":{"text":"sin número"}}'],
    unsigned: true,
    oversize: 2 << 20,
    duplicated: ['text', 'press', 'edited-text'],
    disordered: ['text', 'edited-text', 'reaction', 'blocked'],
    databaseAway: ['text'],
  },
  failures: {
    throttled: { code: 'throttled', retryable: true, retryAfter: 17, scope: 'account', outcomeUnknown: false },
    blocked: { code: 'blocked', retryable: false, outcomeUnknown: false },
    refused: { code: 'invalid', retryable: false, outcomeUnknown: false },
    unauthorized: { code: 'unauthorized', retryable: true, scope: 'account', outcomeUnknown: false },
    unavailable: { code: 'unavailable', retryable: true, outcomeUnknown: false },
    outsideWindow: 'Telegram no tiene ventana de horas.',
    lost: { code: 'unavailable', retryable: true, outcomeUnknown: true },
    // "wrong file_id or the file is temporarily unavailable": Telegram does not tell the two apart.
    expired: { code: 'unavailable', retryable: true },
  },
}
