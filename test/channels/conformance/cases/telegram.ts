import type { ChannelCases } from '../case.ts'

const at = (seconds: number) => new Date(seconds * 1000)
const NOW = new Date('2026-11-22T18:00:00Z')

const rosa = { address: '712345678', name: 'Rosa María Hernández', language: 'es' }
const video = { kind: 'video', mime: 'video/mp4' } as const
const image = { kind: 'image', mime: 'image/jpeg' } as const
const place = { latitude: 22.392881, longitude: -97.938644 }
const unreadable = (file: string, text?: string) => ({
  file,
  becomes: [{ kind: 'unsupported', from: rosa, ...(text && { text }) } as const],
})
const nobodys = (file: string) => ({ file })

/** https://core.telegram.org/bots/api#available-types */
export const telegram: ChannelCases = {
  name: 'telegram',
  folder: 'telegram/fixtures',
  inputs: {
    text: [
      {
        file: 'text',
        becomes: [
          {
            externalId: '870101',
            from: rosa,
            kind: 'text',
            text: 'hay un bache enfrente de mi casa',
            sentAt: at(1795370400),
            providerId: '1100',
          },
        ],
      },
      {
        file: 'text-no-profile',
        becomes: [
          {
            externalId: '870102',
            from: { address: '6123456789', name: 'Beto' },
            kind: 'text',
            text: 'Buenas tardes 👋',
            sentAt: at(1795370401),
            providerId: '1101',
          },
        ],
      },
      {
        file: 'text-with-entities-and-preview',
        becomes: [{ kind: 'text', text: 'miren https://example.com/foto y #baches' }],
      },
      { file: 'text-forwarded', becomes: [{ kind: 'text', text: 'No hay luz en la plaza' }] },
      { file: 'text-slash-inside', becomes: [{ kind: 'text', text: 'km 3/4 carretera Tampico-Mante' }] },
      { file: 'message-of-the-future', becomes: [{ kind: 'text', text: 'hola' }] },
      { file: 'command', becomes: [{ kind: 'text', text: 'cancelar' }] },
      { file: 'command-to-bot-with-words', becomes: [{ kind: 'text', text: 'folio UAC-26-004217-8' }] },
      { file: 'command-underscore', becomes: [{ kind: 'text', text: 'mis folios' }] },
    ],
    image: [
      { file: 'photo', becomes: [{ kind: 'image', media: [{ ...image, ref: 'AgACAgEAAxkBAAIa3', bytes: 188472 }] }] },
      {
        file: 'photo-caption',
        becomes: [
          {
            kind: 'image',
            text: 'Así está la calle Hidalgo',
            media: [{ ...image, ref: 'AgACAgEAAxkBAAIb2', bytes: 201333 }],
          },
        ],
      },
      {
        file: 'document-image',
        becomes: [
          {
            kind: 'image',
            media: [
              {
                kind: 'image',
                ref: 'BQACAgEAAxkBAAIk3',
                mime: 'image/heic',
                fileName: 'IMG_2031.HEIC',
                bytes: 3088123,
              },
            ],
          },
        ],
      },
    ],
    album: [
      {
        file: 'photo-album-first',
        becomes: [
          {
            kind: 'image',
            text: 'Tres fotos del bache',
            group: '13840938573412345',
            media: [{ ...image, ref: 'AgACAgEAAxkBAAIc2', bytes: 150000 }],
          },
        ],
      },
      {
        file: 'photo-album-second',
        becomes: [
          {
            kind: 'image',
            group: '13840938573412345',
            media: [{ ...image, ref: 'AgACAgEAAxkBAAId2', bytes: 151000 }],
          },
        ],
      },
      {
        file: 'video-album',
        becomes: [
          {
            kind: 'video',
            group: '13840938573412345',
            media: [{ ...video, ref: 'BAACAgEAAxkBAAIe1', bytes: 900111, duration: 5 }],
          },
        ],
      },
    ],
    voice: [
      {
        file: 'voice',
        becomes: [
          {
            kind: 'voice',
            media: [{ kind: 'voice', ref: 'AwACAgEAAxkBAAIf1', mime: 'audio/ogg', bytes: 53211, duration: 14 }],
          },
        ],
      },
      {
        file: 'voice-without-mime',
        becomes: [
          { kind: 'voice', media: [{ kind: 'voice', ref: 'AwACAgEAAxkBAAIf2', mime: 'audio/ogg', duration: 2 }] },
        ],
      },
    ],
    audio: [
      {
        file: 'audio',
        becomes: [
          {
            kind: 'audio',
            text: 'Ruido a las 3 am',
            media: [
              {
                kind: 'audio',
                ref: 'CQACAgEAAxkBAAIg1',
                mime: 'audio/mpeg',
                fileName: 'ruido-nocturno.mp3',
                bytes: 1934412,
                duration: 121,
              },
            ],
          },
        ],
      },
    ],
    video: [
      {
        file: 'video',
        becomes: [
          {
            kind: 'video',
            text: 'Fuga de agua',
            media: [{ ...video, ref: 'BAACAgEAAxkBAAIh1', fileName: 'fuga.mp4', bytes: 2202009, duration: 9 }],
          },
        ],
      },
      {
        file: 'video-note',
        becomes: [{ kind: 'video', media: [{ ...video, ref: 'DQACAgEAAxkBAAIi1', bytes: 402112, duration: 6 }] }],
      },
      {
        file: 'animation',
        becomes: [
          {
            kind: 'video',
            media: [{ ...video, ref: 'CgACAgQAAxkBAAIj1', fileName: 'giphy.mp4', bytes: 220011, duration: 3 }],
          },
        ],
      },
    ],
    document: [
      {
        file: 'document',
        becomes: [
          {
            kind: 'document',
            text: 'Oficio firmado',
            media: [
              {
                kind: 'document',
                ref: 'BQACAgEAAxkBAAIk1',
                mime: 'application/pdf',
                fileName: 'oficio vecinos.pdf',
                bytes: 88123,
              },
            ],
          },
        ],
      },
      {
        file: 'document-without-name',
        becomes: [{ kind: 'document', media: [{ kind: 'document', ref: 'BQACAgEAAxkBAAIk2' }] }],
      },
    ],
    sticker: [
      {
        file: 'sticker',
        becomes: [
          {
            kind: 'sticker',
            text: '👍',
            media: [{ kind: 'sticker', ref: 'CAACAgEAAxkBAAIl1', mime: 'image/webp', bytes: 20422 }],
          },
        ],
      },
      {
        file: 'sticker-animated',
        becomes: [
          {
            kind: 'sticker',
            text: '👍',
            media: [{ kind: 'sticker', ref: 'CAACAgEAAxkBAAIl2', mime: 'application/x-tgsticker', bytes: 20422 }],
          },
        ],
      },
      {
        file: 'sticker-video-without-emoji',
        becomes: [
          {
            kind: 'sticker',
            media: [{ kind: 'sticker', ref: 'CAACAgEAAxkBAAIl3', mime: 'video/webm', bytes: 20422 }],
          },
        ],
      },
    ],
    location: [
      { file: 'location', becomes: [{ kind: 'location', location: place }] },
      { file: 'location-live', becomes: [{ kind: 'location', location: place }] },
    ],
    venue: [
      {
        file: 'venue',
        becomes: [
          {
            kind: 'location',
            location: {
              latitude: 22.394,
              longitude: -97.9381,
              name: 'Plaza Constitución',
              address: 'Altamira Centro, Altamira, Tamps.',
            },
          },
        ],
      },
    ],
    contact: [
      {
        file: 'contact-own',
        becomes: [
          {
            kind: 'contact',
            contact: { name: 'Rosa María Hernández', phone: '+528331234567', own: true },
            replyTo: '1002',
          },
        ],
      },
      {
        file: 'contact-other',
        becomes: [{ kind: 'contact', contact: { name: 'Don Luis', phone: '8337654321', own: false } }],
      },
      { file: 'contact-without-user', becomes: [{ kind: 'contact', contact: { phone: '8337654321', own: false } }] },
    ],
    press: [
      {
        file: 'press',
        becomes: [
          {
            externalId: '870144',
            from: rosa,
            kind: 'choice',
            choice: { id: 'cat:luminaria', label: 'Luminaria apagada' },
            replyTo: '1050',
            sentAt: NOW,
            channelData: { callbackQueryId: '3059433158877512345' },
          },
        ],
      },
      { file: 'press-old-message', becomes: [{ kind: 'choice', choice: { id: 'menu' }, replyTo: '12' }] },
      { file: 'press-inline-message', becomes: [{ kind: 'choice', choice: { id: 'x' } }] },
    ],
    reply: [{ file: 'text-reply', becomes: [{ kind: 'text', text: 'Sí, esa', replyTo: '1001' }] }],
    edit: [
      {
        file: 'edited-text',
        becomes: [
          {
            externalId: '870141',
            from: rosa,
            kind: 'edit',
            text: 'hay DOS baches enfrente de mi casa',
            replyTo: '1100',
            sentAt: at(1795370999),
            providerId: '1100',
          },
        ],
      },
      {
        file: 'edited-caption',
        becomes: [
          {
            kind: 'edit',
            text: 'Calle Hidalgo 14',
            replyTo: '1141',
            media: [{ ...image, ref: 'AgACAgEAAxkBAAIm2', bytes: 2 }],
          },
        ],
      },
    ],
    delete: 'Telegram no avisa al bot de los mensajes que una persona borra.',
    reaction: [
      {
        file: 'reaction',
        becomes: [
          { externalId: '870154', from: rosa, kind: 'reaction', text: '👍', replyTo: '1050', sentAt: at(1795371300) },
        ],
      },
      { file: 'reaction-removed', becomes: [{ externalId: '870155', kind: 'reaction', replyTo: '1050' }] },
      { file: 'reaction-custom', becomes: [{ externalId: '870156', kind: 'reaction', replyTo: '1050' }] },
    ],
    start: [
      { file: 'start', becomes: [{ kind: 'start' }] },
      { file: 'start-payload', becomes: [{ kind: 'start', text: 'cartel_plaza-07' }] },
    ],
    blocked: [
      {
        file: 'blocked',
        becomes: [{ externalId: '870148', from: rosa, kind: 'blocked', sentAt: at(1795371100) }],
      },
      {
        file: 'unblocked',
        becomes: [{ externalId: '870149', from: rosa, kind: 'unblocked', sentAt: at(1795371100) }],
      },
    ],
    person: 'Por un bot sólo contesta el programa: no hay bandeja de Telegram donde conteste una persona.',
    receipt: 'Telegram no dice a los bots qué se entregó ni qué se leyó.',
    batch: 'Cada envío del webhook trae un solo suceso; por lotes se reciben al preguntar (telegram/poll.test.ts).',
    unknown: [
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
