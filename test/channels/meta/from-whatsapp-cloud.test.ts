import { describe, expect, it } from 'vitest'
import type { InboundMessage } from '../../../src/channels/message.ts'
import { fixture } from './context.ts'
import { readFixture } from './read.ts'

const BSUID = 'MX.13491208655302741918'
const PHONE = '5218331234567'
/** The same as the one text by which telephones are compared: the 1 of old mobile numbers is no part of it. */
const phone = '+528331234567'
const AT = new Date(1795370400 * 1000)
const id = (n: number) => `wamid.HBgNNTIxODMzMTIzNDU2NxUCABIYFjNFQjBD${n}`
const MEDIA = '1013859600285441'

const read = (name: string) => readFixture(fixture(`whatsapp-cloud/${name}`))

/** What people send: the number of the message, its type on the wire when it is not its kind, and what it comes to. */
const rows: { file: string; n: number; type: string; said: Partial<InboundMessage> }[] = [
  { file: 'text', n: 1, type: 'text', said: { kind: 'text', text: 'hay un bache enfrente de mi casa' } },
  {
    file: 'text-without-bsuid',
    n: 2,
    type: 'text',
    said: { kind: 'text', text: 'Buenas 👋', from: { address: PHONE, name: 'Beto', phone } },
  },
  {
    file: 'text-without-phone',
    n: 3,
    type: 'text',
    said: { kind: 'text', text: 'No quiero dar mi número', from: { address: BSUID, name: 'Rosa' } },
  },
  {
    file: 'text-without-contacts',
    n: 4,
    type: 'text',
    said: { kind: 'text', text: 'hola', from: { address: BSUID, phone } },
  },
  { file: 'text-reply', n: 5, type: 'text', said: { kind: 'text', text: 'Sí, esa', replyTo: id(900) } },
  { file: 'text-forwarded-referral', n: 6, type: 'text', said: { kind: 'text', text: 'Hola, vi su anuncio' } },
  {
    file: 'image',
    n: 10,
    type: 'image',
    said: {
      kind: 'image',
      text: 'Así está la calle Hidalgo',
      media: [{ kind: 'image', ref: MEDIA, mime: 'image/jpeg' }],
    },
  },
  {
    file: 'image-without-caption',
    n: 11,
    type: 'image',
    said: { kind: 'image', media: [{ kind: 'image', ref: MEDIA, mime: 'image/jpeg' }] },
  },
  {
    file: 'voice',
    n: 12,
    type: 'audio',
    said: { kind: 'voice', media: [{ kind: 'voice', ref: MEDIA, mime: 'audio/ogg; codecs=opus' }] },
  },
  {
    file: 'audio',
    n: 13,
    type: 'audio',
    said: { kind: 'audio', media: [{ kind: 'audio', ref: MEDIA, mime: 'audio/mpeg' }] },
  },
  {
    file: 'video',
    n: 14,
    type: 'video',
    said: { kind: 'video', text: 'Fuga de agua', media: [{ kind: 'video', ref: MEDIA, mime: 'video/mp4' }] },
  },
  {
    file: 'document',
    n: 15,
    type: 'document',
    said: {
      kind: 'document',
      text: 'Oficio firmado',
      media: [{ kind: 'document', ref: MEDIA, mime: 'application/pdf', fileName: 'oficio vecinos.pdf' }],
    },
  },
  {
    file: 'document-image',
    n: 16,
    type: 'document',
    said: { kind: 'image', media: [{ kind: 'image', ref: MEDIA, mime: 'image/png', fileName: 'foto.png' }] },
  },
  {
    file: 'sticker',
    n: 17,
    type: 'sticker',
    said: { kind: 'sticker', media: [{ kind: 'sticker', ref: MEDIA, mime: 'image/webp' }] },
  },
  {
    file: 'location',
    n: 18,
    type: 'location',
    said: { kind: 'location', location: { latitude: 22.392881, longitude: -97.938644 } },
  },
  {
    file: 'location-venue',
    n: 19,
    type: 'location',
    said: {
      kind: 'location',
      location: { latitude: 22.394, longitude: -97.9381, name: 'Plaza Constitución', address: 'Altamira Centro' },
    },
  },
  { file: 'location-impossible', n: 20, type: 'location', said: { kind: 'unsupported' } },
  {
    file: 'contact',
    n: 21,
    type: 'contacts',
    said: { kind: 'contact', contact: { phone: '+52 833 765 4321', own: false, name: 'Plomero Juan' } },
  },
  {
    file: 'contact-own',
    n: 22,
    type: 'contacts',
    said: { kind: 'contact', contact: { phone: '+52 833 123 4567', own: true, name: 'Rosa' } },
  },
  {
    file: 'contact-requested',
    n: 23,
    type: 'contacts',
    said: {
      kind: 'contact',
      contact: { phone: '+528331234567', own: true },
      from: { address: BSUID, name: 'Rosa' },
    },
  },
  { file: 'contact-without-phone', n: 24, type: 'contacts', said: { kind: 'unsupported' } },
  {
    file: 'button-reply',
    n: 25,
    type: 'interactive',
    said: { kind: 'choice', choice: { id: 'si', label: 'Sí' }, replyTo: id(901) },
  },
  {
    file: 'list-reply',
    n: 26,
    type: 'interactive',
    said: { kind: 'choice', choice: { id: 'cat:luminaria', label: 'Luminaria' }, replyTo: id(902) },
  },
  { file: 'flow-reply', n: 27, type: 'interactive', said: { kind: 'unsupported' } },
  {
    file: 'template-button',
    n: 28,
    type: 'button',
    said: { kind: 'choice', choice: { id: 'ver_avance', label: 'Ver avance' }, replyTo: id(903) },
  },
  { file: 'reaction', n: 29, type: 'reaction', said: { kind: 'reaction', text: '👍', replyTo: id(900) } },
  { file: 'reaction-removed', n: 30, type: 'reaction', said: { kind: 'reaction', replyTo: id(900) } },
  { file: 'edit', n: 31, type: 'edit', said: { kind: 'edit', text: 'hay DOS baches', replyTo: id(1) } },
  { file: 'revoke', n: 32, type: 'revoke', said: { kind: 'delete', replyTo: id(1) } },
  { file: 'unsupported', n: 33, type: 'unsupported', said: { kind: 'unsupported' } },
  { file: 'order', n: 34, type: 'order', said: { kind: 'unsupported' } },
  { file: 'type-of-the-future', n: 35, type: 'hologram', said: { kind: 'unsupported' } },
  { file: 'malformed-image', n: 36, type: 'image', said: { kind: 'unsupported' } },
  { file: 'request-welcome', n: 37, type: 'request_welcome', said: { kind: 'start' } },
]

describe('a message of the WhatsApp Cloud API as a neutral message', () => {
  it.each(rows)('$file', ({ file, n, type, said }) => {
    const from = { address: BSUID, name: 'Rosa María Hernández', phone }
    expect(read(file)).toEqual({
      messages: [
        {
          channel: 'whatsapp-cloud',
          account: 'default',
          externalId: `${type}:${id(n)}`,
          from,
          sentAt: AT,
          providerId: id(n),
          ...said,
        },
      ],
      receipts: [],
      ignored: [],
    })
  })

  it('may be what somebody of ours said in the WhatsApp Business app', () => {
    expect(read('app-echo').messages).toMatchObject([
      { kind: 'echo', text: 'Le atiende Laura', from: { address: BSUID }, providerId: id(950) },
    ])
  })

  it.each([
    ['number-changed', 'a change of number'],
    ['in-group', 'in a group'],
    ['other-number', 'for an account that is not configured'],
    ['template-status', 'for an account that is not configured'],
  ])('ignores %s: %s', (file, reason) => {
    expect(read(file)).toEqual({ messages: [], receipts: [], ignored: [reason] })
  })

  it('takes all of a batch in its order', () => {
    const { messages, receipts } = read('batch')
    expect(messages.map(({ text }) => text)).toEqual(['uno', 'dos', 'tres'])
    expect(receipts).toHaveLength(1)
  })
})

describe('a status of the WhatsApp Cloud API', () => {
  const common = { channel: 'whatsapp-cloud', account: 'default' }

  it('tells what was delivered and read, and nothing of what was only sent', () => {
    expect(read('statuses')).toEqual({
      messages: [],
      receipts: [
        { ...common, providerId: id(900), status: 'delivered' },
        { ...common, providerId: id(901), status: 'read' },
        { ...common, providerId: id(902), status: 'read' },
      ],
      ignored: ['the status sent'],
    })
  })

  it('tells what failed after all, and why', () => {
    expect(read('status-failed-window').receipts).toMatchObject([
      { providerId: id(900), status: 'failed', error: { code: 'outside_window', providerCode: '131047' } },
    ])
    expect(read('status-failed-without-reason').receipts).toMatchObject([
      { providerId: id(900), status: 'failed', error: { code: 'invalid' } },
    ])
  })
})
