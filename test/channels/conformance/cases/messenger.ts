import type { MediaRef } from '../../../../src/channels/message.ts'
import type { ChannelCases, InputCase } from '../case.ts'

const T = 1795370400123
const CITIZEN = '7654321098765432'
const from = { address: CITIZEN }
const mid = (n: number) => `m_${n}AbCdEfGhIjKlMnOpQrStUvWxYz-0123456789_${n}`
const at = (milliseconds: number) => new Date(T + milliseconds)

const photo = (name = '467_n'): MediaRef => ({
  kind: 'image',
  ref: `https://scontent.xx.fbcdn.net/v/t1.15752-9/${name}.jpg?_nc_cat=101&oh=03_Q7cD&oe=67A1`,
})

/** A message says by its own id who and when. */
const said = (file: string, n: number, content: NonNullable<InputCase['becomes']>[number]): InputCase => ({
  file,
  becomes: [{ externalId: mid(n), providerId: mid(n), from, ...content }],
})
const press = (file: string, n: number, content: NonNullable<InputCase['becomes']>[number]): InputCase => ({
  file,
  becomes: [{ externalId: `${mid(n)}:postback`, providerId: mid(n), from, ...content }],
})
const common = { channel: 'messenger', account: 'default' }

/** https://developers.facebook.com/docs/messenger-platform/reference/webhook-events */
export const messenger: ChannelCases = {
  name: 'messenger',
  folder: 'meta/fixtures/messenger',
  inputs: {
    text: [
      said('text', 1, { kind: 'text', text: 'hay un bache enfrente de mi casa', sentAt: at(0) }),
      said('text-emoji-accents', 2, { kind: 'text', text: '¡Se inundó la calle Ñandú! 🌧️🚗 ¿Quién ayuda?' }),
      said('text-long', 3, { kind: 'text', text: 'La luminaria no sirve. '.repeat(80) }),
      said('text-unknown-fields', 5, { kind: 'text', text: 'Buenas tardes' }),
      said('text-with-link-preview', 7, { kind: 'text', text: 'miren https://example.com/nota' }),
      said('text-from-advertisement', 8, { kind: 'text', text: 'Quiero reportar' }),
      said('shared-post', 20, {
        kind: 'text',
        text: 'Altamira: bache en la Hidalgo\nhttps://www.facebook.com/permalink/1',
      }),
    ],
    image: [
      said('image', 10, { kind: 'image', media: [photo()] }),
      said('image-with-text', 12, { kind: 'image', text: 'Así está la calle Hidalgo', media: [photo()] }),
    ],
    album: [said('image-several', 11, { kind: 'image', media: [photo(), photo('468_n')] })],
    voice: 'Messenger entrega las notas de voz como audio.',
    audio: [
      said('audio', 14, {
        kind: 'audio',
        media: [{ kind: 'audio', ref: 'https://cdn.fbsbx.com/v/t59.3654-21/audioclip-1795370400.mp4?oh=1' }],
      }),
    ],
    video: [
      said('video', 13, {
        kind: 'video',
        media: [{ kind: 'video', ref: 'https://video.xx.fbcdn.net/v/t42.3356-2/fuga.mp4?oh=1' }],
      }),
    ],
    document: [
      said('file', 15, {
        kind: 'document',
        media: [
          {
            kind: 'document',
            ref: 'https://cdn.fbsbx.com/v/t59.2708-21/oficio%20vecinos.pdf?oh=1',
            fileName: 'oficio vecinos.pdf',
          },
        ],
      }),
      said('file-broken-name', 16, {
        kind: 'document',
        media: [{ kind: 'document', ref: 'https://cdn.fbsbx.com/v/100%.pdf', fileName: '100%.pdf' }],
      }),
    ],
    sticker: [
      said('sticker', 18, {
        kind: 'sticker',
        media: [{ kind: 'sticker', ref: 'https://scontent.xx.fbcdn.net/v/t39.1997-6/12_n.png' }],
      }),
      said('sticker-thumb', 17, {
        kind: 'sticker',
        text: '👍',
        media: [{ kind: 'sticker', ref: 'https://scontent.xx.fbcdn.net/v/t39.1997-6/39178562_n.png?x=1' }],
      }),
    ],
    location: [
      said('location-pin', 61, { kind: 'location', location: { latitude: 22.392881, longitude: -97.938644 } }),
    ],
    venue: [
      said('location', 19, {
        kind: 'location',
        location: { latitude: 22.392881, longitude: -97.938644, name: 'Plaza Constitución' },
      }),
    ],
    contact: [said('quick-reply-phone', 25, { kind: 'contact', contact: { phone: '+528331234567', own: true } })],
    press: [
      said('quick-reply', 24, { kind: 'choice', choice: { id: 'cat:luminaria', label: 'Luminaria' } }),
      said('quick-reply-ice-breaker', 26, { kind: 'text', text: 'folio' }),
      press('postback-menu', 32, { kind: 'text', text: 'asesor' }),
      {
        file: 'postback-without-mid',
        becomes: [
          {
            externalId: `postback:${CITIZEN}:${T}:confirmar`,
            from,
            kind: 'choice',
            choice: { id: 'confirmar', label: 'Sí' },
          },
        ],
      },
    ],
    reply: [said('text-reply', 6, { kind: 'text', text: 'Sí, esa', replyTo: mid(1) })],
    edit: [
      {
        file: 'edit',
        becomes: [
          {
            externalId: `${mid(1)}:edit:1`,
            from,
            kind: 'edit',
            text: 'hay DOS baches enfrente de mi casa',
            replyTo: mid(1),
            providerId: mid(1),
          },
        ],
      },
    ],
    delete: [
      {
        file: 'unsend',
        becomes: [{ externalId: `${mid(1)}:delete`, from, kind: 'delete', replyTo: mid(1), sentAt: at(70_000) }],
      },
    ],
    reaction: [
      {
        file: 'reaction',
        becomes: [{ externalId: `${mid(50)}:react:${T + 80_000}`, kind: 'reaction', text: '❤️', replyTo: mid(50) }],
      },
      {
        file: 'reaction-removed',
        becomes: [{ externalId: `${mid(50)}:unreact:${T + 81_000}`, kind: 'reaction', replyTo: mid(50) }],
      },
    ],
    start: [
      press('get-started', 30, { kind: 'start' }),
      press('get-started-referral', 31, { kind: 'start', text: 'cartel_plaza-07' }),
      {
        file: 'referral',
        becomes: [{ externalId: `referral:${CITIZEN}:${T}`, from, kind: 'start', text: 'cartel_plaza-07' }],
      },
      { file: 'referral-without-ref', becomes: [{ externalId: `referral:${CITIZEN}:${T}`, kind: 'start' }] },
    ],
    blocked: 'Meta no avisa del bloqueo: se sabe al enviar (error 551).',
    person: [
      {
        file: 'echo-inbox',
        becomes: [
          {
            externalId: `${mid(62)}:echo`,
            from,
            kind: 'echo',
            text: 'Buenas tardes, le atiende Laura.',
            providerId: mid(62),
          },
        ],
      },
      { file: 'echo-without-app', becomes: [{ kind: 'echo', media: [photo()], providerId: mid(63) }] },
      { file: 'take-thread-control', becomes: [{ externalId: `thread:${CITIZEN}:${T}`, from, kind: 'echo' }] },
      {
        file: 'pass-thread-control',
        becomes: [{ externalId: `returned:${CITIZEN}:${T}`, from, kind: 'returned' }],
      },
      { file: 'standby-echo', becomes: [{ externalId: `${mid(71)}:echo`, kind: 'echo', text: 'Sí, dígame' }] },
      {
        file: 'standby',
        becomes: [
          { externalId: `standby:${mid(70)}`, from, kind: 'echo' },
          { externalId: mid(70), from, kind: 'text', text: '¿Sigue ahí?' },
        ],
      },
    ],
    receipt: [
      { file: 'delivery', receipts: [50, 51].map((n) => ({ ...common, providerId: mid(n), status: 'delivered' })) },
      {
        file: 'delivery-watermark',
        receipts: [{ ...common, address: CITIZEN, until: at(5000), status: 'delivered' }],
      },
      { file: 'read', receipts: [{ ...common, address: CITIZEN, until: at(6000), status: 'read' }] },
      { file: 'standby-read', receipts: [{ ...common, address: CITIZEN, until: at(0), status: 'read' }] },
    ],
    batch: [
      {
        file: 'batch',
        becomes: [
          { kind: 'text', text: 'uno' },
          { kind: 'text', text: 'dos' },
          { kind: 'text', text: 'tres' },
        ],
        receipts: [{ status: 'read' }],
      },
    ],
    unknown: [
      said('text-empty', 4, { kind: 'unsupported' }),
      said('attachment-without-payload', 21, { kind: 'unsupported' }),
      said('attachment-of-the-future', 22, { kind: 'unsupported' }),
      said('template-shared', 23, { kind: 'unsupported' }),
      { file: 'event-of-the-future', becomes: [{ kind: 'unsupported', from }] },
      { file: 'timestamp-impossible', becomes: [{ kind: 'unsupported', from }] },
    ],
    nobody: ['echo-own', 'echo-other-app', 'echo-unreadable', 'policy-enforcement', 'optin', 'from-user-ref'].map(
      (file) => ({ file }),
    ),
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
    notice: true,
    staff: true,
  },
  abuses: {
    malformed: ['hola', '{"object":"page","entry":[', '', '{"update_id":1}', '{"object":"page","entry":7}'],
    unsigned: true,
    oversize: 4 << 20,
    duplicated: ['text', 'get-started', 'edit', 'referral'],
    disordered: ['text', 'edit', 'unsend', 'reaction'],
    databaseAway: ['text'],
  },
  failures: {
    throttled: { code: 'throttled', retryable: true, scope: 'account', outcomeUnknown: false },
    blocked: { code: 'blocked', retryable: false, outcomeUnknown: false },
    refused: { code: 'invalid', retryable: false, outcomeUnknown: false },
    unauthorized: { code: 'unauthorized', retryable: true, scope: 'account', outcomeUnknown: false },
    unavailable: { code: 'unavailable', retryable: true, outcomeUnknown: false },
    outsideWindow: { code: 'outside_window', retryable: false },
    lost: { code: 'unavailable', retryable: true, outcomeUnknown: true },
    expired: { code: 'invalid', retryable: false },
  },
}
