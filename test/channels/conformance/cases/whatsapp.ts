import type { MediaKind, MediaRef } from '../../../../src/channels/message.ts'
import type { ChannelCases } from '../case.ts'

const rosa = { address: '7001@lid', name: 'Persona de Prueba' }

/** A file is named by how it was sealed and where it lies; the rest of a reference are its keys. */
const file = (kind: MediaKind, sealedAs: string, n: number, more: Partial<MediaRef> = {}): MediaRef => ({
  kind,
  ref: `${sealedAs} /v/t62.7118-24/${n}`,
  ...more,
})

const NO_WINDOW =
  'Por un número vinculado se escribe sin ventana de horas; se contesta, y no se inicia, salvo consentimiento.'
const ENCRYPTED =
  'El socket va cifrado de extremo a extremo: lo que no viene del servidor no se puede leer, y lo indescifrable se pide de nuevo.'
const NO_HTTP = 'No hay webhook: todo llega por el socket que el número abre.'

/** https://github.com/WhiskeySockets/Baileys: the messages of WAProto; ours speak to an emulated server over the real socket. */
export const whatsapp: ChannelCases = {
  name: 'whatsapp',
  folder: 'whatsapp/fixtures',
  inputs: {
    text: [
      {
        file: 'text',
        becomes: [
          {
            externalId: '7001@lid//3EB0TEXT',
            providerId: '3EB0TEXT',
            from: rosa,
            kind: 'text',
            text: 'Hay un bache 🕳️ frente a mi casa',
          },
        ],
      },
      { file: 'text-no-profile', becomes: [{ kind: 'text', text: 'Buenas tardes 👋', from: { address: '7001@lid' } }] },
      { file: 'text-by-number', becomes: [{ kind: 'text', text: 'Le escribo con mi número' }] },
      { file: 'text-long', becomes: [{ kind: 'text', text: 'La luminaria no sirve, señor. '.repeat(130) }] },
      {
        file: 'text-unknown-fields',
        becomes: [{ kind: 'text', text: 'Buenas 👋', from: { address: '7001@lid', name: 'Ñoño 🌮' } }],
      },
      { file: 'text-disappearing', becomes: [{ kind: 'text', text: 'Hola' }] },
      { file: 'text-link-preview', becomes: [{ kind: 'text', text: 'miren https://example.com/nota' }] },
      { file: 'text-forwarded', becomes: [{ kind: 'text', text: 'No hay luz en la plaza' }] },
      { file: 'spoiled-once', becomes: [{ kind: 'text', text: 'Hay un bache', providerId: '3EB0SPOILED' }] },
    ],
    image: [
      {
        file: 'image',
        becomes: [
          {
            kind: 'image',
            text: 'Así está la calle Hidalgo',
            media: [file('image', 'image', 1, { mime: 'image/jpeg', bytes: 188472 })],
          },
        ],
      },
      {
        file: 'image-without-caption',
        becomes: [{ kind: 'image', media: [file('image', 'image', 2, { mime: 'image/jpeg' })] }],
      },
      {
        file: 'image-view-once',
        becomes: [{ kind: 'image', media: [file('image', 'image', 3, { mime: 'image/jpeg' })] }],
      },
      {
        file: 'document-image',
        becomes: [
          {
            kind: 'image',
            media: [file('image', 'document', 4, { mime: 'image/png', fileName: 'IMG_2031.png' })],
          },
        ],
      },
    ],
    album: [
      {
        file: 'album-first',
        becomes: [
          {
            kind: 'image',
            text: 'Dos fotos del bache',
            group: '3EB0ALBUM',
            media: [file('image', 'image', 21, { mime: 'image/jpeg' })],
          },
        ],
      },
      {
        file: 'album-second',
        becomes: [{ kind: 'image', group: '3EB0ALBUM', media: [file('image', 'image', 22, { mime: 'image/jpeg' })] }],
      },
    ],
    voice: [
      {
        file: 'voice',
        becomes: [
          {
            kind: 'voice',
            media: [file('voice', 'audio', 5, { mime: 'audio/ogg; codecs=opus', duration: 14 })],
          },
        ],
      },
    ],
    audio: [
      {
        file: 'audio',
        becomes: [{ kind: 'audio', media: [file('audio', 'audio', 6, { mime: 'audio/mpeg', duration: 121 })] }],
      },
    ],
    video: [
      {
        file: 'video',
        becomes: [
          {
            kind: 'video',
            text: 'Fuga de agua',
            media: [file('video', 'video', 7, { mime: 'video/mp4', duration: 9 })],
          },
        ],
      },
      {
        file: 'video-round',
        becomes: [{ kind: 'video', media: [file('video', 'video', 8, { mime: 'video/mp4', duration: 6 })] }],
      },
    ],
    document: [
      {
        file: 'document',
        becomes: [
          {
            kind: 'document',
            media: [
              file('document', 'document', 9, {
                mime: 'application/pdf',
                fileName: 'oficio vecinos.pdf',
                bytes: 88123,
              }),
            ],
          },
        ],
      },
      {
        file: 'document-captioned',
        becomes: [
          {
            kind: 'document',
            text: 'Oficio firmado',
            media: [file('document', 'document', 10, { mime: 'application/pdf', fileName: 'oficio.pdf' })],
          },
        ],
      },
    ],
    sticker: [
      {
        file: 'sticker',
        becomes: [{ kind: 'sticker', media: [file('sticker', 'sticker', 11, { mime: 'image/webp' })] }],
      },
    ],
    location: [
      { file: 'location', becomes: [{ kind: 'location', location: { latitude: 22.392881, longitude: -97.938644 } }] },
      {
        file: 'location-live',
        becomes: [{ kind: 'location', location: { latitude: 22.392881, longitude: -97.938644 } }],
      },
    ],
    venue: [
      {
        file: 'venue',
        becomes: [
          {
            kind: 'location',
            location: { latitude: 22.394, longitude: -97.9381, name: 'Plaza Constitución', address: 'Altamira Centro' },
          },
        ],
      },
    ],
    contact: [
      {
        file: 'contact',
        becomes: [{ kind: 'contact', contact: { name: 'Plomero Juan', phone: '5218330000009', own: false } }],
      },
      {
        file: 'contacts-several',
        becomes: [{ kind: 'contact', contact: { name: 'Uno', phone: '833 000 0008', own: false } }],
      },
    ],
    press: [
      { file: 'press-button', becomes: [{ kind: 'choice', choice: { id: 'cat:bache', label: 'Bache' } }] },
      { file: 'press-list', becomes: [{ kind: 'choice', choice: { id: 'cat:bache', label: 'Bache' } }] },
      { file: 'press-template', becomes: [{ kind: 'choice', choice: { id: 'ver', label: 'Ver avance' } }] },
    ],
    reply: [{ file: 'text-reply', becomes: [{ kind: 'text', text: 'Sí, esa', replyTo: '3EB0OURS' }] }],
    edit: [{ file: 'edit', becomes: [{ from: rosa, kind: 'edit', text: 'Hay DOS baches', replyTo: '3EB0TEXT' }] }],
    delete: [{ file: 'delete', becomes: [{ from: rosa, kind: 'delete', replyTo: '3EB0TEXT' }] }],
    reaction: [
      { file: 'reaction', becomes: [{ kind: 'reaction', text: '👍', replyTo: '3EB0OURS' }] },
      { file: 'reaction-removed', becomes: [{ kind: 'reaction', replyTo: '3EB0OURS' }] },
    ],
    start: 'WhatsApp no avisa que alguien abrió la plática: empieza con su primer mensaje.',
    blocked: 'WhatsApp no dice a un número vinculado quién lo bloqueó.',
    person: [
      {
        file: 'owner',
        becomes: [{ kind: 'echo', text: 'Soy de la oficina, ya vamos para allá', from: { address: '7001@lid' } }],
      },
    ],
    receipt: [
      // Noted again a little later: the first may come before the send was noted.
      { file: 'receipt-delivered', receipts: Array(2).fill({ providerId: '3EB0OURS', status: 'delivered' }) },
      { file: 'receipt-read', receipts: Array(2).fill({ providerId: '3EB0OURS', status: 'read' }) },
    ],
    batch: 'Cada mensaje llega en su propia trama; los que esperaban, en orden (whatsapp/life.test.ts).',
    unknown: [
      { file: 'text-empty', becomes: [{ kind: 'unsupported', from: rosa }] },
      { file: 'poll', becomes: [{ kind: 'unsupported', from: rosa }] },
      { file: 'event', becomes: [{ kind: 'unsupported', from: rosa }] },
      { file: 'contact-without-phone', becomes: [{ kind: 'unsupported', from: rosa }] },
    ],
    nobody: ['album', 'history', 'keys-between-devices', 'disappearing-setting'].map((file) => ({ file })),
  },
  outputs: {
    text: true,
    long: true,
    buttons: true,
    menu: true,
    caption: true,
    document: true,
    voice: true,
    reply: 'Lo dicho sale sin la cita: para citar, WhatsApp pide el mensaje citado entero, que no se guarda.',
    place: true,
    telephone: true,
    link: true,
    notice: NO_WINDOW,
    staff: NO_WINDOW,
  },
  abuses: {
    malformed: ENCRYPTED,
    unsigned: ENCRYPTED,
    oversize: NO_HTTP,
    duplicated: ['text', 'edit', 'reaction'],
    disordered: ['text', 'edit', 'delete'],
    databaseAway:
      'WhatsApp recibe el acuse antes que nosotros el mensaje: se guarda en disco y se lee al volver (whatsapp/life.test.ts).',
  },
  failures: {
    throttled: { code: 'throttled', retryable: true, scope: 'account', outcomeUnknown: false },
    blocked: 'WhatsApp no dice quién bloqueó el número: el mensaje se queda en «enviado».',
    refused: { code: 'invalid', retryable: false, outcomeUnknown: false },
    unauthorized: 'Un número desvinculado pierde el socket (401) y pide vincularse de nuevo: whatsapp/life.test.ts.',
    unavailable: { code: 'unavailable', retryable: true, outcomeUnknown: false },
    outsideWindow: NO_WINDOW,
    lost: { code: 'timeout', retryable: true, outcomeUnknown: true },
    expired: { code: 'invalid', retryable: false },
  },
}
