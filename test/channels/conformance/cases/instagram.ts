import type { ChannelCases, InputCase } from '../case.ts'

const T = 1795370400123
const CITIZEN = '1254477777772919'
const from = { address: CITIZEN }
const mid = (n: number) => `aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQx${n}`
const FILE = 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=179&signature=Ab'

const said = (file: string, n: number, content: NonNullable<InputCase['becomes']>[number]): InputCase => ({
  file,
  becomes: [{ externalId: mid(n), providerId: mid(n), from, ...content }],
})
const image = { kind: 'image', ref: FILE } as const

/** https://developers.facebook.com/docs/instagram-platform/webhooks#messaging */
export const instagram: ChannelCases = {
  name: 'instagram',
  folder: 'meta/fixtures/instagram',
  inputs: {
    text: [
      said('text', 1, { kind: 'text', text: 'Hola, ¿aquí reporto una fuga? 💧', sentAt: new Date(T) }),
      said('text-long', 31, { kind: 'text', text: 'La luminaria no sirve. '.repeat(40) }),
      said('text-unknown-fields', 32, { kind: 'text', text: 'Buenas tardes' }),
      said('reel', 6, { kind: 'text', text: `Así está la calle\n${FILE}` }),
      said('share', 7, { kind: 'text', text: 'https://www.instagram.com/p/Cx/' }),
    ],
    image: [
      said('image', 4, { kind: 'image', media: [image] }),
      said('story-mention', 3, { kind: 'image', media: [image] }),
    ],
    album: [said('image-several', 33, { kind: 'image', media: [image, image] })],
    voice: 'Instagram entrega las notas de voz como audio.',
    audio: [said('voice', 5, { kind: 'audio', media: [{ kind: 'audio', ref: FILE }] })],
    video: [said('video', 34, { kind: 'video', media: [{ kind: 'video', ref: FILE }] })],
    document: [
      said('file', 37, {
        kind: 'document',
        media: [
          {
            kind: 'document',
            ref: 'https://lookaside.fbsbx.com/ig_messaging_cdn/oficio.pdf?asset_id=180',
            fileName: 'oficio.pdf',
          },
        ],
      }),
    ],
    sticker: [said('like', 22, { kind: 'sticker', text: '❤️' })],
    location: 'En Instagram no se puede compartir la ubicación.',
    venue: 'En Instagram no se puede compartir un lugar.',
    contact: 'En Instagram no se puede compartir un contacto ni el teléfono propio.',
    press: [
      said('quick-reply', 9, { kind: 'choice', choice: { id: 'si', label: 'Sí' } }),
      {
        file: 'ice-breaker',
        becomes: [{ externalId: `${mid(10)}:postback`, providerId: mid(10), from, kind: 'text', text: 'reportar' }],
      },
    ],
    reply: [
      said('text-reply', 35, { kind: 'text', text: 'Sí, esa', replyTo: mid(1) }),
      said('story-reply', 2, { kind: 'text', text: '¿Y la colonia Nuevo Tampico?', replyTo: '17981234567890123' }),
    ],
    edit: [
      {
        file: 'edit',
        becomes: [
          {
            externalId: `${mid(1)}:edit:2`,
            from,
            kind: 'edit',
            text: 'Hola, ¿aquí reporto DOS fugas?',
            replyTo: mid(1),
            providerId: mid(1),
          },
        ],
      },
    ],
    delete: [{ file: 'unsend', becomes: [{ externalId: `${mid(1)}:delete`, from, kind: 'delete', replyTo: mid(1) }] }],
    reaction: [
      {
        file: 'reaction',
        becomes: [{ externalId: `${mid(20)}:react:${T}`, from, kind: 'reaction', text: '❤', replyTo: mid(20) }],
      },
      {
        file: 'reaction-removed',
        becomes: [{ externalId: `${mid(20)}:unreact:${T}`, kind: 'reaction', replyTo: mid(20) }],
      },
    ],
    start: [
      {
        file: 'referral',
        becomes: [{ externalId: `referral:${CITIZEN}:${T}`, from, kind: 'start', text: 'cartel_plaza-07' }],
      },
    ],
    blocked: 'Meta no avisa del bloqueo: se sabe al enviar (error 551).',
    person: [
      {
        file: 'echo',
        becomes: [{ externalId: `${mid(21)}:echo`, from, kind: 'echo', text: 'Le atiende Laura', providerId: mid(21) }],
      },
      {
        file: 'standby',
        becomes: [
          { kind: 'echo', from },
          { kind: 'text', text: '¿Hola?', from },
        ],
      },
    ],
    receipt: [
      { file: 'read', receipts: [{ channel: 'instagram', account: 'default', providerId: mid(20), status: 'read' }] },
    ],
    batch: [
      {
        file: 'batch',
        becomes: [
          { kind: 'text', text: 'uno' },
          { kind: 'text', text: 'dos' },
        ],
      },
    ],
    unknown: [
      said('unsupported', 8, { kind: 'unsupported' }),
      said('text-empty', 36, { kind: 'unsupported' }),
      { file: 'event-of-the-future', becomes: [{ kind: 'unsupported', from }] },
    ],
    nobody: [{ file: 'echo-own' }],
  },
  outputs: {
    text: true,
    long: true,
    buttons: true,
    menu: true,
    caption: true,
    document: true,
    voice: true,
    reply: 'Instagram no documenta cómo citar un mensaje: lo dicho sale sin la cita.',
    place: true,
    telephone: true,
    link: true,
    notice: 'Meta no tiene plantillas para Instagram: el aviso espera a que la persona escriba.',
    staff: true,
  },
  abuses: {
    malformed: ['hola', '{"object":"instagram","entry":[', '{"object":"instagram","entry":7}'],
    unsigned: true,
    oversize: 4 << 20,
    duplicated: ['text', 'edit', 'ice-breaker'],
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
