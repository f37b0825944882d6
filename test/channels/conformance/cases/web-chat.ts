import type { MediaRef } from '../../../../src/channels/message.ts'
import type { ChannelCases } from '../case.ts'

/** The conversation's id, and where an upload lies, differ from run to run: the line names them so. */
const address = 'CONVERSACION'
const upload = (more: Partial<MediaRef> = {}): MediaRef => ({
  kind: 'image',
  ref: 'ARCHIVO',
  mime: 'image/png',
  fileName: 'foto.png',
  bytes: 70,
  ...more,
})

const OWN_WIDGET = 'El chat del sitio no ofrece eso, y los clientes de Direct Line tampoco.'
const NO_WINDOW = 'El chat del sitio es nuestro: no tiene ventana de horas.'
const OUR_ROWS = 'Enviar es guardar el mensaje en nuestra base de datos: no hay plataforma que lo rechace.'

/** https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-direct-line-3-0-send-activity */
export const webChat: ChannelCases = {
  name: 'web-chat',
  folder: 'web-chat/fixtures',
  inputs: {
    text: [
      {
        file: 'web-chat-text',
        becomes: [
          {
            externalId: `${address}/nuj82mwbwy`,
            providerId: `${address}|u.nuj82mwbwy`,
            kind: 'text',
            text: 'hay un **bache** 🌧️ frente al jardín de niños',
            from: { address, language: 'es-MX' },
          },
        ],
      },
      { file: 'dotnet-nulls', becomes: [{ kind: 'text', text: 'buenas tardes', from: { address } }] },
      { file: 'text-long', becomes: [{ kind: 'text', text: 'La luminaria no sirve, señor. '.repeat(250) }] },
      { file: 'text-unknown-fields', becomes: [{ kind: 'text', text: '¿Quién me atiende? 🙋🏽‍♀️', from: { address } }] },
    ],
    image: [
      {
        file: 'web-chat-files',
        becomes: [
          {
            externalId: `${address}/upmxzas8caf`,
            kind: 'image',
            text: 'así está la calle',
            media: [upload()],
          },
        ],
      },
    ],
    album: [
      {
        file: 'files-several',
        becomes: [{ kind: 'image', media: [upload(), upload({ fileName: 'otra.png' })] }],
      },
    ],
    voice: [
      {
        file: 'files-voice',
        becomes: [{ kind: 'audio', media: [upload({ kind: 'audio', mime: 'audio/mpeg', fileName: 'nota.mp3' })] }],
      },
    ],
    audio: 'El chat no distingue una nota de voz de otro audio: véase la nota de voz.',
    video: [
      {
        file: 'files-video',
        becomes: [{ kind: 'video', media: [upload({ kind: 'video', mime: 'video/mp4', fileName: 'fuga.mp4' })] }],
      },
    ],
    document: [
      {
        file: 'files-document',
        becomes: [
          {
            kind: 'document',
            text: 'El oficio',
            media: [upload({ kind: 'document', mime: 'application/pdf', fileName: 'oficio vecinos.pdf' })],
          },
        ],
      },
    ],
    sticker: OWN_WIDGET,
    location: [
      {
        file: 'widget-place',
        becomes: [{ kind: 'location', text: 'Mi ubicación', location: { latitude: 22.3941, longitude: -97.9376 } }],
      },
    ],
    venue: [
      {
        file: 'place-entity',
        becomes: [
          {
            kind: 'location',
            from: { address, name: 'Rosa' },
            location: { latitude: 22.3925, longitude: -97.9389, name: 'Palacio municipal', address: 'Quintero s/n' },
          },
        ],
      },
    ],
    contact: OWN_WIDGET,
    press: [
      {
        file: 'widget-choice',
        becomes: [
          {
            externalId: `${address}/0192f3a4`,
            kind: 'choice',
            text: 'Alumbrado público',
            choice: { id: 'cat:luminaria', label: 'Alumbrado público' },
          },
        ],
      },
      {
        file: 'web-chat-message-back',
        becomes: [{ kind: 'choice', text: 'Bache', choice: { id: 'menu:bache', label: 'Bache' } }],
      },
      {
        file: 'web-chat-post-back',
        becomes: [{ externalId: `${address}/kq1`, kind: 'choice', choice: { id: 'menu:luz' } }],
      },
    ],
    reply: [{ file: 'text-reply', becomes: [{ kind: 'text', text: 'Sí, esa', replyTo: 'conv|0000001' }] }],
    edit: OWN_WIDGET,
    delete: OWN_WIDGET,
    reaction: OWN_WIDGET,
    start: [{ file: 'web-chat-join', becomes: [{ externalId: `${address}#start`, kind: 'start' }] }],
    blocked: 'Quien cierra el chat no bloquea: sólo deja de leerlo.',
    person: 'No hay otra bandeja donde conteste una persona: el panel es la única.',
    receipt: 'Los acuses son del propio protocolo (la marca de lectura y el pong): web-chat/stream.test.ts.',
    batch: 'Cada mensaje se publica solo.',
    unknown: [{ file: 'card-submit', becomes: [{ kind: 'unsupported' }] }],
    nobody: [{ file: 'web-chat-typing' }],
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
    malformed: [
      '{"type":',
      'hola',
      '[]',
      'null',
      '{"text":"sin tipo"}',
      '{"type":"message"}',
      '{"type":"message","text":{"toString":1}}',
    ],
    unsigned: true,
    oversize: 70_000,
    duplicated: ['web-chat-text', 'widget-choice', 'web-chat-join', 'web-chat-files'],
    disordered: 'El chat no da hora propia a un mensaje: vale la de llegada.',
    databaseAway: ['web-chat-text'],
  },
  failures: {
    throttled: OUR_ROWS,
    blocked: OUR_ROWS,
    refused: OUR_ROWS,
    unauthorized: OUR_ROWS,
    unavailable: { code: 'unavailable', retryable: true },
    outsideWindow: NO_WINDOW,
    lost: 'Repetir el aviso de que hay algo nuevo no repite el mensaje, que es una fila.',
    // Uploads lie in our own storage: one that cannot be read now may be later.
    expired: { code: 'unavailable', retryable: true },
  },
}
