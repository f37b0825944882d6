import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../../src/channels/channel.ts'
import type { InboundMessage, MediaRef } from '../../../src/channels/message.ts'
import { fixture } from './context.ts'
import { readFixture } from './read.ts'

const T = 1795370400123
const CITIZEN = '7654321098765432'
const mid = (n: number) => `m_${n}AbCdEfGhIjKlMnOpQrStUvWxYz-0123456789_${n}`
const at = (milliseconds: number) => new Date(T + milliseconds)

const read = (name: string) => readFixture(fixture(`messenger/${name}`))

const photo = (name = '467_n'): MediaRef => ({
  kind: 'image',
  ref: `https://scontent.xx.fbcdn.net/v/t1.15752-9/${name}.jpg?_nc_cat=101&oh=03_Q7cD&oe=67A1`,
})

/** What people send, beside who and when. */
const rows: { file: string; id: string; said: Partial<InboundMessage> }[] = [
  { file: 'text', id: mid(1), said: { kind: 'text', text: 'hay un bache enfrente de mi casa', sentAt: at(0) } },
  {
    file: 'text-emoji-accents',
    id: mid(2),
    said: { kind: 'text', text: '¡Se inundó la calle Ñandú! 🌧️🚗 ¿Quién ayuda?' },
  },
  { file: 'text-long', id: mid(3), said: { kind: 'text', text: 'La luminaria no sirve. '.repeat(80) } },
  { file: 'text-empty', id: mid(4), said: { kind: 'unsupported' } },
  { file: 'text-unknown-fields', id: mid(5), said: { kind: 'text', text: 'Buenas tardes' } },
  { file: 'text-reply', id: mid(6), said: { kind: 'text', text: 'Sí, esa', replyTo: mid(1) } },
  { file: 'text-with-link-preview', id: mid(7), said: { kind: 'text', text: 'miren https://example.com/nota' } },
  { file: 'text-from-advertisement', id: mid(8), said: { kind: 'text', text: 'Quiero reportar' } },
  { file: 'image', id: mid(10), said: { kind: 'image', media: [photo()] } },
  { file: 'image-several', id: mid(11), said: { kind: 'image', media: [photo(), photo('468_n')] } },
  {
    file: 'image-with-text',
    id: mid(12),
    said: { kind: 'image', text: 'Así está la calle Hidalgo', media: [photo()] },
  },
  {
    file: 'video',
    id: mid(13),
    said: { kind: 'video', media: [{ kind: 'video', ref: 'https://video.xx.fbcdn.net/v/t42.3356-2/fuga.mp4?oh=1' }] },
  },
  {
    file: 'audio',
    id: mid(14),
    said: {
      kind: 'audio',
      media: [{ kind: 'audio', ref: 'https://cdn.fbsbx.com/v/t59.3654-21/audioclip-1795370400.mp4?oh=1' }],
    },
  },
  {
    file: 'file',
    id: mid(15),
    said: {
      kind: 'document',
      media: [
        {
          kind: 'document',
          ref: 'https://cdn.fbsbx.com/v/t59.2708-21/oficio%20vecinos.pdf?oh=1',
          fileName: 'oficio vecinos.pdf',
        },
      ],
    },
  },
  {
    file: 'file-broken-name',
    id: mid(16),
    said: {
      kind: 'document',
      media: [{ kind: 'document', ref: 'https://cdn.fbsbx.com/v/100%.pdf', fileName: '100%.pdf' }],
    },
  },
  {
    file: 'sticker-thumb',
    id: mid(17),
    said: {
      kind: 'sticker',
      text: '👍',
      media: [{ kind: 'sticker', ref: 'https://scontent.xx.fbcdn.net/v/t39.1997-6/39178562_n.png?x=1' }],
    },
  },
  {
    file: 'sticker',
    id: mid(18),
    said: {
      kind: 'sticker',
      media: [{ kind: 'sticker', ref: 'https://scontent.xx.fbcdn.net/v/t39.1997-6/12_n.png' }],
    },
  },
  {
    file: 'location',
    id: mid(19),
    said: {
      kind: 'location',
      location: { latitude: 22.392881, longitude: -97.938644, name: 'Plaza Constitución' },
    },
  },
  {
    file: 'shared-post',
    id: mid(20),
    said: { kind: 'text', text: 'Altamira: bache en la Hidalgo\nhttps://www.facebook.com/permalink/1' },
  },
  { file: 'attachment-without-payload', id: mid(21), said: { kind: 'unsupported' } },
  { file: 'attachment-of-the-future', id: mid(22), said: { kind: 'unsupported' } },
  { file: 'template-shared', id: mid(23), said: { kind: 'unsupported' } },
  { file: 'quick-reply', id: mid(24), said: { kind: 'choice', choice: { id: 'cat:luminaria', label: 'Luminaria' } } },
  { file: 'quick-reply-phone', id: mid(25), said: { kind: 'contact', contact: { phone: '+528331234567', own: true } } },
  { file: 'quick-reply-ice-breaker', id: mid(26), said: { kind: 'text', text: 'folio' } },
  { file: 'get-started', id: `${mid(30)}:postback`, said: { kind: 'start', providerId: mid(30) } },
  { file: 'get-started-referral', id: `${mid(31)}:postback`, said: { kind: 'start', text: 'cartel_plaza-07' } },
  { file: 'postback-menu', id: `${mid(32)}:postback`, said: { kind: 'text', text: 'asesor' } },
  {
    file: 'postback-without-mid',
    id: `postback:${CITIZEN}:${T}:confirmar`,
    said: { kind: 'choice', choice: { id: 'confirmar', label: 'Sí' } },
  },
  { file: 'referral', id: `referral:${CITIZEN}:${T}`, said: { kind: 'start', text: 'cartel_plaza-07' } },
  { file: 'referral-without-ref', id: `referral:${CITIZEN}:${T}`, said: { kind: 'start' } },
  {
    file: 'edit',
    id: `${mid(1)}:edit:1`,
    said: { kind: 'edit', text: 'hay DOS baches enfrente de mi casa', replyTo: mid(1), providerId: mid(1) },
  },
  { file: 'unsend', id: `${mid(1)}:delete`, said: { kind: 'delete', replyTo: mid(1), sentAt: at(70_000) } },
  {
    file: 'reaction',
    id: `${mid(50)}:react:${T + 80_000}`,
    said: { kind: 'reaction', text: '❤️', replyTo: mid(50) },
  },
  { file: 'reaction-removed', id: `${mid(50)}:unreact:${T + 81_000}`, said: { kind: 'reaction', replyTo: mid(50) } },
  {
    file: 'echo-inbox',
    id: `${mid(62)}:echo`,
    said: { kind: 'echo', text: 'Buenas tardes, le atiende Laura.', providerId: mid(62) },
  },
  { file: 'echo-without-app', id: `${mid(63)}:echo`, said: { kind: 'echo', media: [photo()], providerId: mid(63) } },
  { file: 'take-thread-control', id: `thread:${CITIZEN}:${T}`, said: { kind: 'echo' } },
  { file: 'standby-echo', id: `${mid(71)}:echo`, said: { kind: 'echo', text: 'Sí, dígame' } },
]

describe('an event of Messenger as a neutral message', () => {
  it.each(rows)('$file', ({ file, id, said }) => {
    const { messages, receipts } = read(file)
    expect(receipts).toEqual([])
    const providerId = /^(m_\w+-\w+)$/.test(id) ? { providerId: id } : {}
    expect(messages).toMatchObject([
      { channel: 'messenger', account: 'default', externalId: id, from: { address: CITIZEN }, ...providerId, ...said },
    ])
    const [message] = messages
    const given = new Set(['channel', 'account', 'externalId', 'from', 'sentAt', 'providerId', ...Object.keys(said)])
    expect(Object.keys(message ?? {}).filter((key) => !given.has(key))).toEqual([])
  })

  it('silences the bot before what people say while another app holds the thread', () => {
    expect(read('standby').messages).toMatchObject([
      { kind: 'echo', externalId: `standby:${mid(70)}`, from: { address: CITIZEN } },
      { kind: 'text', externalId: mid(70), text: '¿Sigue ahí?' },
    ])
    expect(read('standby-read').messages).toEqual([])
  })

  it('keeps what nobody can read as such, under the same id each time it comes', () => {
    for (const file of ['event-of-the-future', 'timestamp-impossible']) {
      const [first] = read(file).messages
      expect(first).toMatchObject({ kind: 'unsupported', from: { address: CITIZEN } })
      expect(first?.externalId).toMatch(/^unknown:/)
      expect(read(file).messages[0]?.externalId).toBe(first?.externalId)
    }
  })

  it.each([
    ['echo-own', 'an echo of our own message'],
    ['echo-other-app', 'an echo of a program’s message'],
    ['echo-unreadable', 'from nobody we could answer'],
    ['pass-thread-control', 'pass_thread_control'],
    ['policy-enforcement', 'from nobody we could answer'],
    ['optin', 'optin'],
    ['from-user-ref', 'from nobody we could answer'],
  ])('ignores %s: %s', (file, reason) => {
    expect(read(file)).toEqual({ messages: [], receipts: [], ignored: [reason] })
  })

  it('takes all events of all entries in their order, and leaves out what is of another page', () => {
    const { messages, receipts, ignored } = read('batch')
    expect(messages.map(({ text }) => text)).toEqual(['uno', 'dos', 'tres'])
    expect(new Set(messages.map(({ from }) => from.address)).size).toBe(2)
    expect(receipts).toHaveLength(1)
    expect(ignored).toEqual(['for an account that is not configured', 'a change of a page'])
  })
})

const common = { channel: 'messenger', account: 'default' }
const receiptRows: { file: string; receipts: Receipt[] }[] = [
  {
    file: 'delivery',
    receipts: [50, 51].map((n) => ({ ...common, providerId: mid(n), status: 'delivered' })),
  },
  { file: 'delivery-watermark', receipts: [{ ...common, address: CITIZEN, until: at(5000), status: 'delivered' }] },
  { file: 'read', receipts: [{ ...common, address: CITIZEN, until: at(6000), status: 'read' }] },
]

describe('a receipt of Messenger', () => {
  it.each(receiptRows)('$file', ({ file, receipts }) => {
    expect(read(file)).toEqual({ messages: [], receipts, ignored: [] })
  })
})
