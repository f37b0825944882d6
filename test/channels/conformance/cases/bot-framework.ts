import type { InboundMessage, MediaRef, Sender } from '../../../../src/channels/message.ts'
import type { ChannelCases, InputCase } from '../case.ts'

const T = new Date('2026-11-22T17:59:58.123Z')

const file = (kind: MediaRef['kind'], ref: string, more: Partial<MediaRef> = {}): MediaRef => ({ kind, ref, ...more })

const teams = { address: 'msteams/a:1pruebaTeams', name: 'Persona de Prueba', language: 'es-MX' }
const web = { address: 'webchat/4pRuebA|us', name: 'Persona de Prueba', language: 'es-ES' }
const line = { address: 'line/U4af49806prueba-uac-line', name: 'Persona de Prueba' }
const sms = { address: 'sms/+528330000001-+528330000000', name: '+528330000001' }
const facebook = { address: 'facebook/7654321098765432-1074512345678901', name: 'Persona de Prueba' }
const telegram = { address: 'telegram/5550100', name: 'Persona de Prueba' }
const emulator = { address: 'emulator/e0f1|livechat', name: 'User', language: 'es-MX' }
const skype = { address: 'skype/29:1skype', name: 'Persona de Prueba' }
const email = { address: 'email/correo-1', name: 'Persona de Prueba' }

/** A message has the activity's id for its own. */
const said = (name: string, from: Sender, id: string, content: Partial<InboundMessage>): InputCase => ({
  file: name,
  becomes: [{ externalId: `${from.address}/${id}`, from, sentAt: T, providerId: id, ...content }],
})

/** An event is one of its own beside the message with the same id. */
const event = (name: string, from: Sender, id: string, content: Partial<InboundMessage>): InputCase => ({
  file: name,
  becomes: [{ externalId: `${from.address}/${id}`, from, ...content }],
})

const NO_WINDOW =
  'La ventana de horas es de la plataforma que hay detrás de Azure; el Bot Framework no la dice antes de enviar.'

/** https://github.com/microsoft/botframework-sdk/blob/main/specs/botframework-activity/botframework-activity.md */
export const botFramework: ChannelCases = {
  name: 'bot-framework',
  folder: 'bot-framework/fixtures',
  inputs: {
    text: [
      said('teams-text', teams, '1795370398123', { kind: 'text', text: 'hay un bache enfrente de mi casa' }),
      said('teams-text-mention', teams, '1795370398124', { kind: 'text', text: 'buenas tardes' }),
      said('teams-text-emoji-accents', teams, '1795370398125', {
        kind: 'text',
        text: '¡Se inundó la calle Ñandú! 🌧️🚗 ¿Quién ayuda?',
      }),
      said('teams-text-long', teams, '1795370398126', {
        kind: 'text',
        text: 'La luminaria no sirve. '.repeat(80).trim(),
      }),
      said('webchat-text', web, '4pRuebA|0000001', { kind: 'text', text: 'Quiero reportar una fuga de agua' }),
      said('webchat-text-unknown-fields', web, '4pRuebA|0000003', { kind: 'text', text: 'Buenas tardes' }),
      { file: 'webchat-without-id', becomes: [{ kind: 'text', text: 'sin identificador', from: web }] },
      said('line-text', line, '100001', { kind: 'text', text: 'no hay luz en la colonia' }),
      said('sms-text', sms, 'SM0000000000000000000000000000001', { kind: 'text', text: 'basura en hidalgo 20' }),
      said('facebook-text', facebook, 'mid.$c001', { kind: 'text', text: 'Hola' }),
      said('emulator-text', emulator, 'e-2', { kind: 'text', text: 'hola' }),
    ],
    image: [
      said('teams-photo-inline', teams, '1795370398140', {
        kind: 'image',
        text: 'Así está',
        media: [file('image', 'service:https://service.example/amer/v3/attachments/0-cus-d1-prueba/views/original')],
      }),
      said('line-photo', line, '100002', {
        kind: 'image',
        media: [file('image', 'public:https://line.example/v3/content/100002', { mime: 'image/jpeg' })],
      }),
      said('sms-photo', sms, 'MM0000000000000000000000000000001', {
        kind: 'image',
        media: [file('image', 'public:https://api.twilio.example/2010-04-01/Media/ME1', { mime: 'image/jpeg' })],
      }),
      {
        file: 'webchat-photo-inside',
        becomes: [
          {
            kind: 'image',
            text: 'una foto',
            media: [file('image', 'stored:ARCHIVO', { mime: 'image/png', fileName: 'foto.png', bytes: 8 })],
          },
        ],
      },
    ],
    album: [
      said('webchat-photos', web, '4pRuebA|0000010', {
        kind: 'image',
        media: [
          file('image', 'public:https://webchat.example/attachments/1/foto.jpg?t=1', {
            mime: 'image/jpeg',
            fileName: 'foto.jpg',
          }),
          file('document', 'public:https://webchat.example/attachments/2/oficio.pdf', {
            mime: 'application/pdf',
            fileName: 'oficio.pdf',
          }),
        ],
      }),
    ],
    voice: 'El Bot Framework entrega las notas de voz como audio.',
    audio: [
      said('line-voice', line, '100003', {
        kind: 'audio',
        media: [file('audio', 'public:https://line.example/v3/content/100003', { mime: 'audio/x-m4a' })],
      }),
    ],
    video: [
      said('line-video', line, '100004', {
        kind: 'video',
        media: [file('video', 'public:https://line.example/v3/content/100004', { mime: 'video/mp4' })],
      }),
    ],
    document: [
      said('teams-file', teams, '1795370398141', {
        kind: 'document',
        media: [
          file('document', 'public:https://altamira.sharepoint.example/download.aspx?UniqueId=1&tempauth=x', {
            fileName: 'oficio de solicitud.pdf',
          }),
        ],
      }),
      said('email-text', email, 'AAMk1', {
        kind: 'document',
        text: 'Solicito poda de un árbol',
        media: [
          file('document', 'public:https://mail.example/1', {
            mime: 'application/octet-stream',
            fileName: 'foto.heic',
          }),
        ],
      }),
    ],
    sticker: [
      said('telegram-sticker', telegram, '72', {
        kind: 'image',
        media: [file('image', 'public:https://telegram.example/file/s.webp', { mime: 'image/webp' })],
      }),
    ],
    location: [
      said('webchat-coordinates', web, '4pRuebA|0000008', {
        kind: 'location',
        text: 'aquí',
        location: { latitude: 22.3929, longitude: -97.9379 },
      }),
      said('facebook-place', facebook, 'mid.$c002', {
        kind: 'location',
        location: { latitude: 22.4, longitude: -97.9 },
      }),
      said('webchat-place-nowhere', web, '4pRuebA|0000009', { kind: 'text', text: 'aquí' }),
    ],
    venue: [
      said('webchat-place', web, '4pRuebA|0000007', {
        kind: 'location',
        location: { latitude: 22.3929, longitude: -97.9379, name: 'Plaza principal', address: 'Centro, Altamira' },
      }),
    ],
    contact: 'El Bot Framework no tiene tarjetas de contacto que una persona pueda mandar.',
    press: [
      said('teams-press', teams, '1795370398130', {
        kind: 'choice',
        text: 'Sí, es correcto',
        choice: { id: 'asunto/si', label: 'Sí, es correcto' },
        replyTo: '1795370398129',
      }),
      said('webchat-post-back', web, '4pRuebA|0000004', { kind: 'choice', choice: { id: 'asunto/no' } }),
      said('webchat-post-back-value', web, '4pRuebA|0000005', { kind: 'choice', choice: { id: 'asunto/no' } }),
      said('webchat-message-back', web, '4pRuebA|0000006', {
        kind: 'choice',
        text: 'Sí, registrar',
        choice: { id: 'resumen/si', label: 'Sí, registrar' },
      }),
    ],
    reply: [
      said('teams-text-reply', teams, '1795370398127', { kind: 'text', text: 'Sí, esa', replyTo: '1795370398100' }),
    ],
    edit: [
      event('teams-edit', teams, '1795370398123#messageUpdate 2026-11-22T18:00:30.000Z', {
        kind: 'edit',
        text: 'hay dos baches',
        replyTo: '1795370398123',
      }),
      event('teams-undelete', teams, '1795370398123#messageUpdate 2026-11-22T18:00:50.000Z', {
        kind: 'edit',
        text: 'hay dos baches',
        replyTo: '1795370398123',
      }),
    ],
    delete: [event('teams-delete', teams, '1795370398123#messageDelete', { kind: 'delete', replyTo: '1795370398123' })],
    reaction: [
      event('teams-reaction', teams, 'f:1795370399000#messageReaction', {
        kind: 'reaction',
        text: '👍👏',
        replyTo: '1795370398128',
      }),
      event('teams-reaction-removed', teams, 'f:1795370399001#messageReaction', {
        kind: 'reaction',
        replyTo: '1795370398128',
      }),
    ],
    start: [
      said('telegram-start', telegram, '71', { kind: 'start' }),
      event('teams-installed', teams, 'f:1795370390000#installationUpdate', { kind: 'start' }),
      event('webchat-join', web, '4pRuebA|0000012#event', { kind: 'start' }),
      event('webchat-members-user', web, '4pRuebA|start#conversationUpdate', { kind: 'start' }),
      event('emulator-members', emulator, 'e-1#conversationUpdate', { kind: 'start' }),
    ],
    blocked: [
      event('teams-removed', teams, 'f:1795370390001#installationUpdate', { kind: 'blocked' }),
      event('skype-added', skype, 'f:1#contactRelationUpdate', { kind: 'unblocked' }),
      event('skype-removed', skype, 'f:2#contactRelationUpdate', { kind: 'blocked' }),
    ],
    person: 'Azure no avisa de lo que una persona conteste en otra bandeja.',
    receipt: 'El Bot Framework no dice qué se entregó; la lectura de Teams no dice de cuál mensaje.',
    batch: 'Cada actividad se publica sola.',
    unknown: [
      said('teams-form-of-others', teams, '1795370398131', { kind: 'unsupported' }),
      said('teams-card-of-others', teams, '1795370398142', { kind: 'unsupported' }),
      said('webchat-text-empty', web, '4pRuebA|0000002', { kind: 'unsupported' }),
      event('webchat-of-the-future', web, '4pRuebA|0000014#hologram', { kind: 'unsupported' }),
    ],
    nobody: [
      'teams-group',
      'teams-channel',
      'teams-members-bot',
      'teams-read-receipt',
      'webchat-members-bot',
      'webchat-typing',
      'webchat-end',
      'emulator-from-bot',
    ].map((name) => ({ file: name })),
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
    notice: NO_WINDOW,
    staff: NO_WINDOW,
  },
  abuses: {
    malformed: ['{"type":', 'hola', '[]', 'null', '{"text":"sin tipo"}'],
    unsigned: true,
    oversize: 2 << 20,
    duplicated: ['teams-text', 'teams-edit', 'webchat-without-id', 'webchat-photo-inside'],
    disordered: ['teams-text', 'teams-edit', 'teams-delete', 'teams-reaction'],
    databaseAway: ['teams-text'],
  },
  failures: {
    throttled: { code: 'throttled', retryable: true, retryAfter: 17, outcomeUnknown: false },
    blocked: { code: 'blocked', retryable: false, outcomeUnknown: false },
    refused: { code: 'invalid', retryable: false, outcomeUnknown: false },
    unauthorized: { code: 'unauthorized', retryable: true, scope: 'account', outcomeUnknown: false },
    unavailable: { code: 'unavailable', retryable: true, outcomeUnknown: false },
    outsideWindow: NO_WINDOW,
    lost: { code: 'unavailable', retryable: true, outcomeUnknown: true },
    expired: { code: 'invalid', retryable: false },
  },
}
