import { describe, expect, it } from 'vitest'
import { activitySchema } from '../../../src/channels/bot-framework/activity.ts'
import { fromActivity } from '../../../src/channels/bot-framework/from-activity.ts'
import type { InboundMessage, MediaRef } from '../../../src/channels/message.ts'
import { fixture, NOW } from './context.ts'

const T = new Date('2026-11-22T17:59:58.123Z')

const read = (name: string) => fromActivity(activitySchema.parse(fixture(name)), { account: 'default', now: NOW })

const file = (kind: MediaRef['kind'], ref: string, more: Partial<MediaRef> = {}): MediaRef => ({ kind, ref, ...more })

const teams = { address: 'msteams/a:1pruebaTeams', name: 'Persona de Prueba', language: 'es-MX' }
const web = { address: 'webchat/4pRuebA|us', name: 'Persona de Prueba', language: 'es-ES' }
const line = { address: 'line/U4af49806prueba-uac-line', name: 'Persona de Prueba' }
const sms = { address: 'sms/+528330000001-+528330000000', name: '+528330000001' }
const facebook = { address: 'facebook/7654321098765432-1074512345678901', name: 'Persona de Prueba' }
const telegram = { address: 'telegram/5550100', name: 'Persona de Prueba' }
const emulator = { address: 'emulator/e0f1|livechat', name: 'User', language: 'es-MX' }
const skype = { address: 'skype/29:1skype', name: 'Persona de Prueba' }

/** What people send: who, the activity's id (which is also the message's own), and what it says. */
const rows: [file: string, from: object, id: string, said: Partial<InboundMessage>][] = [
  ['teams-text', teams, '1795370398123', { kind: 'text', text: 'hay un bache enfrente de mi casa' }],
  ['teams-text-mention', teams, '1795370398124', { kind: 'text', text: 'buenas tardes' }],
  [
    'teams-text-emoji-accents',
    teams,
    '1795370398125',
    { kind: 'text', text: '¡Se inundó la calle Ñandú! 🌧️🚗 ¿Quién ayuda?' },
  ],
  ['teams-text-long', teams, '1795370398126', { kind: 'text', text: 'La luminaria no sirve. '.repeat(80).trim() }],
  ['teams-text-reply', teams, '1795370398127', { kind: 'text', text: 'Sí, esa', replyTo: '1795370398100' }],
  [
    'teams-press',
    teams,
    '1795370398130',
    {
      kind: 'choice',
      text: 'Sí, es correcto',
      choice: { id: 'asunto/si', label: 'Sí, es correcto' },
      replyTo: '1795370398129',
    },
  ],
  ['teams-form-of-others', teams, '1795370398131', { kind: 'unsupported' }],
  [
    'teams-photo-inline',
    teams,
    '1795370398140',
    {
      kind: 'image',
      text: 'Así está',
      media: [file('image', 'service:https://service.example/amer/v3/attachments/0-cus-d1-prueba/views/original')],
    },
  ],
  [
    'teams-file',
    teams,
    '1795370398141',
    {
      kind: 'document',
      media: [
        file('document', 'public:https://altamira.sharepoint.example/download.aspx?UniqueId=1&tempauth=x', {
          fileName: 'oficio de solicitud.pdf',
        }),
      ],
    },
  ],
  ['teams-card-of-others', teams, '1795370398142', { kind: 'unsupported' }],
  ['webchat-text', web, '4pRuebA|0000001', { kind: 'text', text: 'Quiero reportar una fuga de agua' }],
  ['webchat-text-empty', web, '4pRuebA|0000002', { kind: 'unsupported' }],
  ['webchat-text-unknown-fields', web, '4pRuebA|0000003', { kind: 'text', text: 'Buenas tardes' }],
  ['webchat-post-back', web, '4pRuebA|0000004', { kind: 'choice', choice: { id: 'asunto/no' } }],
  ['webchat-post-back-value', web, '4pRuebA|0000005', { kind: 'choice', choice: { id: 'asunto/no' } }],
  [
    'webchat-message-back',
    web,
    '4pRuebA|0000006',
    { kind: 'choice', text: 'Sí, registrar', choice: { id: 'resumen/si', label: 'Sí, registrar' } },
  ],
  [
    'webchat-place',
    web,
    '4pRuebA|0000007',
    {
      kind: 'location',
      location: { latitude: 22.3929, longitude: -97.9379, name: 'Plaza principal', address: 'Centro, Altamira' },
    },
  ],
  [
    'webchat-coordinates',
    web,
    '4pRuebA|0000008',
    { kind: 'location', text: 'aquí', location: { latitude: 22.3929, longitude: -97.9379 } },
  ],
  ['webchat-place-nowhere', web, '4pRuebA|0000009', { kind: 'text', text: 'aquí' }],
  [
    'webchat-photos',
    web,
    '4pRuebA|0000010',
    {
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
    },
  ],
  ['line-text', line, '100001', { kind: 'text', text: 'no hay luz en la colonia' }],
  [
    'line-photo',
    line,
    '100002',
    { kind: 'image', media: [file('image', 'public:https://line.example/v3/content/100002', { mime: 'image/jpeg' })] },
  ],
  [
    'line-voice',
    line,
    '100003',
    { kind: 'audio', media: [file('audio', 'public:https://line.example/v3/content/100003', { mime: 'audio/x-m4a' })] },
  ],
  [
    'line-video',
    line,
    '100004',
    { kind: 'video', media: [file('video', 'public:https://line.example/v3/content/100004', { mime: 'video/mp4' })] },
  ],
  ['sms-text', sms, 'SM0000000000000000000000000000001', { kind: 'text', text: 'basura en hidalgo 20' }],
  [
    'sms-photo',
    sms,
    'MM0000000000000000000000000000001',
    {
      kind: 'image',
      media: [file('image', 'public:https://api.twilio.example/2010-04-01/Media/ME1', { mime: 'image/jpeg' })],
    },
  ],
  ['facebook-text', facebook, 'mid.$c001', { kind: 'text', text: 'Hola' }],
  ['facebook-place', facebook, 'mid.$c002', { kind: 'location', location: { latitude: 22.4, longitude: -97.9 } }],
  ['telegram-start', telegram, '71', { kind: 'start' }],
  [
    'telegram-sticker',
    telegram,
    '72',
    { kind: 'image', media: [file('image', 'public:https://telegram.example/file/s.webp', { mime: 'image/webp' })] },
  ],
  ['emulator-text', emulator, 'e-2', { kind: 'text', text: 'hola' }],
  [
    'email-text',
    { address: 'email/correo-1', name: 'Persona de Prueba' },
    'AAMk1',
    {
      kind: 'document',
      text: 'Solicito poda de un árbol',
      media: [
        file('document', 'public:https://mail.example/1', { mime: 'application/octet-stream', fileName: 'foto.heic' }),
      ],
    },
  ],
]

describe('a message', () => {
  it.each(rows)('%s', (name, from, id, said) => {
    const { address } = from as { address: string }
    expect(read(name)).toEqual({
      message: {
        channel: 'bot-framework',
        account: 'default',
        externalId: `${address}/${id}`,
        from,
        sentAt: T,
        providerId: id,
        ...said,
      },
    })
  })
})

/** What happens to conversations and messages: each is an event of its own, beside the message that has the same id. */
const events: [file: string, from: object, externalId: string, said: Partial<InboundMessage>][] = [
  [
    'teams-edit',
    teams,
    '/1795370398123#messageUpdate 2026-11-22T18:00:30.000Z',
    { kind: 'edit', text: 'hay dos baches', replyTo: '1795370398123' },
  ],
  [
    'teams-undelete',
    teams,
    '/1795370398123#messageUpdate 2026-11-22T18:00:50.000Z',
    { kind: 'edit', text: 'hay dos baches', replyTo: '1795370398123' },
  ],
  ['teams-delete', teams, '/1795370398123#messageDelete', { kind: 'delete', replyTo: '1795370398123' }],
  [
    'teams-reaction',
    teams,
    '/f:1795370399000#messageReaction',
    { kind: 'reaction', text: '👍👏', replyTo: '1795370398128' },
  ],
  ['teams-reaction-removed', teams, '/f:1795370399001#messageReaction', { kind: 'reaction', replyTo: '1795370398128' }],
  ['teams-installed', teams, '/f:1795370390000#installationUpdate', { kind: 'start' }],
  ['teams-removed', teams, '/f:1795370390001#installationUpdate', { kind: 'blocked' }],
  ['webchat-join', web, '/4pRuebA|0000012#event', { kind: 'start' }],
  ['webchat-members-user', web, '/4pRuebA|start#conversationUpdate', { kind: 'start' }],
  ['emulator-members', emulator, '/e-1#conversationUpdate', { kind: 'start' }],
  ['skype-added', skype, '/f:1#contactRelationUpdate', { kind: 'unblocked' }],
  ['skype-removed', skype, '/f:2#contactRelationUpdate', { kind: 'blocked' }],
  ['webchat-of-the-future', web, '/4pRuebA|0000014#hologram', { kind: 'unsupported' }],
]

describe('an event', () => {
  it.each(events)('%s', (name, from, externalId, said) => {
    const { address } = from as { address: string }
    expect(read(name)).toMatchObject({ message: { externalId: `${address}${externalId}`, from, ...said } })
  })
})

describe('nobody’s message to us', () => {
  it.each([
    ['teams-group', 'in a group'],
    ['teams-channel', 'in a group'],
    ['teams-members-bot', 'a change of a conversation'],
    ['teams-invoke', 'invoke'],
    ['teams-read-receipt', 'an event'],
    ['webchat-members-bot', 'a change of a conversation'],
    ['webchat-typing', 'typing'],
    ['webchat-end', 'endOfConversation'],
    ['emulator-from-bot', 'from a bot'],
  ])('%s is ignored, and the log says why', (name, reason) => {
    expect(read(name)).toEqual({ ignored: reason })
  })
})

describe('what has no id', () => {
  it('is known by all that it says, so that a redelivery is one', () => {
    const first = read('webchat-without-id')
    expect(first).toMatchObject({
      message: { text: 'sin identificador', externalId: expect.stringMatching(/us#[\w-]{43}$/) },
    })
    expect(read('webchat-without-id')).toEqual(first)
    const other = fromActivity(activitySchema.parse({ ...fixture('webchat-without-id'), text: 'otro' }), {
      account: 'default',
      now: NOW,
    })
    expect(other).not.toMatchObject({ message: { externalId: 'message' in first && first.message.externalId } })
  })
})
