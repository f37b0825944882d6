import type { ChannelCases, InputCase } from '../case.ts'

const BSUID = 'MX.13491208655302741918'
const PHONE = '5218331234567'
const AT = new Date(1795370400 * 1000)
const id = (n: number) => `wamid.HBgNNTIxODMzMTIzNDU2NxUCABIYFjNFQjBD${n}`
const MEDIA = '1013859600285441'
const TELEPHONE = '+528331234567'
const rosa = { address: BSUID, name: 'Persona de Prueba', phone: TELEPHONE }

/** By its number; `type` is its type on the wire. */
const said = (
  file: string,
  n: number,
  type: string,
  content: NonNullable<InputCase['becomes']>[number],
): InputCase => ({
  file,
  becomes: [{ externalId: `${type}:${id(n)}`, from: rosa, sentAt: AT, providerId: id(n), ...content }],
})
const common = { channel: 'whatsapp-cloud', account: 'default' }

/** https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components */
export const whatsappCloud: ChannelCases = {
  name: 'whatsapp-cloud',
  folder: 'meta/fixtures/whatsapp-cloud',
  inputs: {
    text: [
      said('text', 1, 'text', { kind: 'text', text: 'hay un bache enfrente de mi casa' }),
      said('text-without-bsuid', 2, 'text', {
        kind: 'text',
        text: 'Buenas 👋',
        from: { address: PHONE, name: 'Beto', phone: TELEPHONE },
      }),
      said('text-without-phone', 3, 'text', {
        kind: 'text',
        text: 'No quiero dar mi número',
        from: { address: BSUID, name: 'Rosa' },
      }),
      said('text-without-contacts', 4, 'text', {
        kind: 'text',
        text: 'hola',
        from: { address: BSUID, phone: TELEPHONE },
      }),
      said('text-forwarded-referral', 6, 'text', { kind: 'text', text: 'Hola, vi su anuncio' }),
      said('text-long', 40, 'text', { kind: 'text', text: 'La luminaria no sirve, señor. '.repeat(130) }),
      said('text-unknown-fields', 41, 'text', { kind: 'text', text: '¿Quién me atiende? 🙋🏽‍♀️' }),
    ],
    image: [
      said('image', 10, 'image', {
        kind: 'image',
        text: 'Así está la calle Hidalgo',
        media: [{ kind: 'image', ref: MEDIA, mime: 'image/jpeg' }],
      }),
      said('image-without-caption', 11, 'image', {
        kind: 'image',
        media: [{ kind: 'image', ref: MEDIA, mime: 'image/jpeg' }],
      }),
      said('document-image', 16, 'document', {
        kind: 'image',
        media: [{ kind: 'image', ref: MEDIA, mime: 'image/png', fileName: 'foto.png' }],
      }),
    ],
    album: 'WhatsApp entrega cada foto de un álbum como un mensaje aparte, sin decir que van juntas.',
    voice: [
      said('voice', 12, 'audio', {
        kind: 'voice',
        media: [{ kind: 'voice', ref: MEDIA, mime: 'audio/ogg; codecs=opus' }],
      }),
    ],
    audio: [said('audio', 13, 'audio', { kind: 'audio', media: [{ kind: 'audio', ref: MEDIA, mime: 'audio/mpeg' }] })],
    video: [
      said('video', 14, 'video', {
        kind: 'video',
        text: 'Fuga de agua',
        media: [{ kind: 'video', ref: MEDIA, mime: 'video/mp4' }],
      }),
    ],
    document: [
      said('document', 15, 'document', {
        kind: 'document',
        text: 'Oficio firmado',
        media: [{ kind: 'document', ref: MEDIA, mime: 'application/pdf', fileName: 'oficio vecinos.pdf' }],
      }),
    ],
    sticker: [
      said('sticker', 17, 'sticker', { kind: 'sticker', media: [{ kind: 'sticker', ref: MEDIA, mime: 'image/webp' }] }),
    ],
    location: [
      said('location', 18, 'location', { kind: 'location', location: { latitude: 22.392881, longitude: -97.938644 } }),
    ],
    venue: [
      said('location-venue', 19, 'location', {
        kind: 'location',
        location: { latitude: 22.394, longitude: -97.9381, name: 'Plaza Constitución', address: 'Altamira Centro' },
      }),
    ],
    contact: [
      said('contact', 21, 'contacts', {
        kind: 'contact',
        contact: { phone: '+52 833 765 4321', own: false, name: 'Plomero Juan' },
      }),
      said('contact-own', 22, 'contacts', {
        kind: 'contact',
        contact: { phone: '+52 833 123 4567', own: true, name: 'Rosa' },
      }),
      said('contact-requested', 23, 'contacts', {
        kind: 'contact',
        contact: { phone: '+528331234567', own: true },
        from: { address: BSUID, name: 'Rosa' },
      }),
    ],
    press: [
      said('button-reply', 25, 'interactive', {
        kind: 'choice',
        choice: { id: 'si', label: 'Sí' },
        replyTo: id(901),
      }),
      said('list-reply', 26, 'interactive', {
        kind: 'choice',
        choice: { id: 'cat:luminaria', label: 'Luminaria' },
        replyTo: id(902),
      }),
      said('template-button', 28, 'button', {
        kind: 'choice',
        choice: { id: 'ver_avance', label: 'Ver avance' },
        replyTo: id(903),
      }),
    ],
    reply: [said('text-reply', 5, 'text', { kind: 'text', text: 'Sí, esa', replyTo: id(900) })],
    edit: [said('edit', 31, 'edit', { kind: 'edit', text: 'hay DOS baches', replyTo: id(1) })],
    delete: [said('revoke', 32, 'revoke', { kind: 'delete', replyTo: id(1) })],
    reaction: [
      said('reaction', 29, 'reaction', { kind: 'reaction', text: '👍', replyTo: id(900) }),
      said('reaction-removed', 30, 'reaction', { kind: 'reaction', replyTo: id(900) }),
    ],
    start: [said('request-welcome', 37, 'request_welcome', { kind: 'start' })],
    blocked: 'WhatsApp no avisa del bloqueo: se sabe al enviar (error 131026).',
    person: [
      {
        file: 'app-echo',
        becomes: [{ kind: 'echo', text: 'Le atiende Laura', from: { address: BSUID }, providerId: id(950) }],
      },
    ],
    receipt: [
      {
        file: 'statuses',
        receipts: [
          { ...common, providerId: id(900), status: 'delivered' },
          { ...common, providerId: id(901), status: 'read' },
          { ...common, providerId: id(902), status: 'read' },
        ],
      },
      {
        file: 'status-failed-window',
        receipts: [
          { providerId: id(900), status: 'failed', error: { code: 'outside_window', providerCode: '131047' } },
        ],
      },
      {
        file: 'status-failed-without-reason',
        receipts: [{ providerId: id(900), status: 'failed', error: { code: 'invalid' } }],
      },
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
      said('location-impossible', 20, 'location', { kind: 'unsupported' }),
      said('contact-without-phone', 24, 'contacts', { kind: 'unsupported' }),
      said('text-empty', 42, 'text', { kind: 'unsupported' }),
      said('flow-reply', 27, 'interactive', { kind: 'unsupported' }),
      said('unsupported', 33, 'unsupported', { kind: 'unsupported' }),
      said('order', 34, 'order', { kind: 'unsupported' }),
      said('type-of-the-future', 35, 'hologram', { kind: 'unsupported' }),
      said('malformed-image', 36, 'image', { kind: 'unsupported' }),
    ],
    nobody: ['number-changed', 'in-group', 'other-number', 'template-status'].map((file) => ({ file })),
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
    malformed: ['hola', '{"object":"whatsapp_business_account","entry":[', '{"object":7}'],
    unsigned: true,
    oversize: 4 << 20,
    duplicated: ['text', 'edit', 'button-reply'],
    disordered: ['text', 'edit', 'revoke', 'reaction'],
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
