import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InboundMessage } from '../../../src/channels/message.ts'
import { fromTelegram, updateIdOf } from '../../../src/channels/telegram/from-telegram.ts'
import { storableJson } from '../../../src/runtime/json.ts'
import { NOW } from './context.ts'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))

const read = (name: string) => fromTelegram(fixture(name), { account: 'default', now: NOW })

const at = (seconds: number) => new Date(seconds * 1000)

const rosa = { address: '712345678', name: 'Rosa María Hernández', language: 'es' }

/** Whole messages, one of each shape. */
const whole: { label: string; file: string; message: Omit<InboundMessage, 'channel' | 'account'> }[] = [
  {
    label: 'a text',
    file: 'text',
    message: {
      externalId: '870101',
      from: rosa,
      kind: 'text',
      text: 'hay un bache enfrente de mi casa',
      sentAt: at(1795370400),
      providerId: '1100',
    },
  },
  {
    label: 'a text of someone with no surname and no language',
    file: 'text-no-profile',
    message: {
      externalId: '870102',
      from: { address: '6123456789', name: 'Beto' },
      kind: 'text',
      text: 'Buenas tardes 👋',
      sentAt: at(1795370401),
      providerId: '1101',
    },
  },
  {
    label: 'an edited text is an event of its own about the old message',
    file: 'edited-text',
    message: {
      externalId: '870141',
      from: rosa,
      kind: 'edit',
      text: 'hay DOS baches enfrente de mi casa',
      replyTo: '1100',
      sentAt: at(1795370999),
      providerId: '1100',
    },
  },
  {
    label: 'a press, with the label without its number and what answers it',
    file: 'press',
    message: {
      externalId: '870144',
      from: rosa,
      kind: 'choice',
      choice: { id: 'cat:luminaria', label: 'Luminaria apagada' },
      replyTo: '1050',
      sentAt: NOW,
      channelData: { callbackQueryId: '3059433158877512345' },
    },
  },
  {
    label: 'a press below a message too old to be shown',
    file: 'press-old-message',
    message: {
      externalId: '870145',
      from: rosa,
      kind: 'choice',
      choice: { id: 'menu' },
      replyTo: '12',
      sentAt: NOW,
      channelData: { callbackQueryId: '3059433158877512346' },
    },
  },
  {
    label: 'a press below a message sent through somebody else’s chat',
    file: 'press-inline-message',
    message: {
      externalId: '870146',
      from: rosa,
      kind: 'choice',
      choice: { id: 'x' },
      sentAt: NOW,
      channelData: { callbackQueryId: '3059433158877512347' },
    },
  },
  {
    label: 'the bot was blocked',
    file: 'blocked',
    message: { externalId: '870148', from: rosa, kind: 'blocked', sentAt: at(1795371100) },
  },
  {
    label: 'the bot was unblocked',
    file: 'unblocked',
    message: { externalId: '870149', from: rosa, kind: 'unblocked', sentAt: at(1795371100) },
  },
  {
    label: 'a reaction',
    file: 'reaction',
    message: {
      externalId: '870154',
      from: rosa,
      kind: 'reaction',
      text: '👍',
      replyTo: '1050',
      sentAt: at(1795371300),
    },
  },
  {
    label: 'a reaction taken back',
    file: 'reaction-removed',
    message: { externalId: '870155', from: rosa, kind: 'reaction', replyTo: '1050', sentAt: at(1795371301) },
  },
  {
    label: 'a reaction with an emoji that has no character',
    file: 'reaction-custom',
    message: { externalId: '870156', from: rosa, kind: 'reaction', replyTo: '1050', sentAt: at(1795371302) },
  },
]

describe('an update of Telegram as a neutral message', () => {
  it.each(whole)('$label', ({ file, message }) => {
    expect(read(file)).toEqual({ message: { channel: 'telegram', account: 'default', ...message } })
  })
})

const video = { kind: 'video', mime: 'video/mp4' }
const image = { kind: 'image', mime: 'image/jpeg' }
const unsupported = { kind: 'unsupported' }

/** What the messages of each kind say, beside who, when and which. */
const contents: { file: string; content: Record<string, unknown> }[] = [
  {
    file: 'text-with-entities-and-preview',
    content: { kind: 'text', text: 'miren https://example.com/foto y #baches' },
  },
  { file: 'text-reply', content: { kind: 'text', text: 'Sí, esa', replyTo: '1001' } },
  { file: 'text-forwarded', content: { kind: 'text', text: 'No hay luz en la plaza' } },
  { file: 'text-slash-inside', content: { kind: 'text', text: 'km 3/4 carretera Tampico-Mante' } },
  { file: 'message-of-the-future', content: { kind: 'text', text: 'hola' } },
  { file: 'command', content: { kind: 'text', text: 'cancelar' } },
  { file: 'command-to-bot-with-words', content: { kind: 'text', text: 'folio UAC-26-004217-8' } },
  { file: 'command-underscore', content: { kind: 'text', text: 'mis folios' } },
  { file: 'start', content: { kind: 'start' } },
  { file: 'start-payload', content: { kind: 'start', text: 'cartel_plaza-07' } },
  { file: 'photo', content: { kind: 'image', media: [{ ...image, ref: 'AgACAgEAAxkBAAIa3', bytes: 188472 }] } },
  {
    file: 'photo-caption',
    content: {
      kind: 'image',
      text: 'Así está la calle Hidalgo',
      media: [{ ...image, ref: 'AgACAgEAAxkBAAIb2', bytes: 201333 }],
    },
  },
  {
    file: 'photo-album-first',
    content: {
      kind: 'image',
      text: 'Tres fotos del bache',
      group: '13840938573412345',
      media: [{ ...image, ref: 'AgACAgEAAxkBAAIc2', bytes: 150000 }],
    },
  },
  {
    file: 'photo-album-second',
    content: {
      kind: 'image',
      group: '13840938573412345',
      media: [{ ...image, ref: 'AgACAgEAAxkBAAId2', bytes: 151000 }],
    },
  },
  {
    file: 'video-album',
    content: {
      kind: 'video',
      group: '13840938573412345',
      media: [{ ...video, ref: 'BAACAgEAAxkBAAIe1', bytes: 900111, duration: 5 }],
    },
  },
  {
    file: 'voice',
    content: {
      kind: 'voice',
      media: [{ kind: 'voice', ref: 'AwACAgEAAxkBAAIf1', mime: 'audio/ogg', bytes: 53211, duration: 14 }],
    },
  },
  {
    file: 'voice-without-mime',
    content: { kind: 'voice', media: [{ kind: 'voice', ref: 'AwACAgEAAxkBAAIf2', mime: 'audio/ogg', duration: 2 }] },
  },
  {
    file: 'audio',
    content: {
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
  },
  {
    file: 'video',
    content: {
      kind: 'video',
      text: 'Fuga de agua',
      media: [{ ...video, ref: 'BAACAgEAAxkBAAIh1', fileName: 'fuga.mp4', bytes: 2202009, duration: 9 }],
    },
  },
  {
    file: 'video-note',
    content: { kind: 'video', media: [{ ...video, ref: 'DQACAgEAAxkBAAIi1', bytes: 402112, duration: 6 }] },
  },
  {
    file: 'animation',
    content: {
      kind: 'video',
      media: [{ ...video, ref: 'CgACAgQAAxkBAAIj1', fileName: 'giphy.mp4', bytes: 220011, duration: 3 }],
    },
  },
  {
    file: 'document',
    content: {
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
  },
  {
    file: 'document-without-name',
    content: { kind: 'document', media: [{ kind: 'document', ref: 'BQACAgEAAxkBAAIk2' }] },
  },
  {
    file: 'document-image',
    content: {
      kind: 'image',
      media: [
        { kind: 'image', ref: 'BQACAgEAAxkBAAIk3', mime: 'image/heic', fileName: 'IMG_2031.HEIC', bytes: 3088123 },
      ],
    },
  },
  {
    file: 'sticker',
    content: {
      kind: 'sticker',
      text: '👍',
      media: [{ kind: 'sticker', ref: 'CAACAgEAAxkBAAIl1', mime: 'image/webp', bytes: 20422 }],
    },
  },
  {
    file: 'sticker-animated',
    content: {
      kind: 'sticker',
      text: '👍',
      media: [{ kind: 'sticker', ref: 'CAACAgEAAxkBAAIl2', mime: 'application/x-tgsticker', bytes: 20422 }],
    },
  },
  {
    file: 'sticker-video-without-emoji',
    content: {
      kind: 'sticker',
      media: [{ kind: 'sticker', ref: 'CAACAgEAAxkBAAIl3', mime: 'video/webm', bytes: 20422 }],
    },
  },
  { file: 'location', content: { kind: 'location', location: { latitude: 22.392881, longitude: -97.938644 } } },
  { file: 'location-live', content: { kind: 'location', location: { latitude: 22.392881, longitude: -97.938644 } } },
  {
    file: 'venue',
    content: {
      kind: 'location',
      location: {
        latitude: 22.394,
        longitude: -97.9381,
        name: 'Plaza Constitución',
        address: 'Altamira Centro, Altamira, Tamps.',
      },
    },
  },
  {
    file: 'contact-own',
    content: {
      kind: 'contact',
      contact: { name: 'Rosa María Hernández', phone: '+528331234567', own: true },
      replyTo: '1002',
    },
  },
  {
    file: 'contact-other',
    content: { kind: 'contact', contact: { name: 'Don Luis', phone: '8337654321', own: false } },
  },
  { file: 'contact-without-user', content: { kind: 'contact', contact: { phone: '8337654321', own: false } } },
  { file: 'poll', content: unsupported },
  { file: 'dice', content: unsupported },
  { file: 'paid-media-with-caption', content: { kind: 'unsupported', text: 'vea' } },
  { file: 'service-pinned', content: unsupported },
  {
    file: 'edited-caption',
    content: {
      kind: 'edit',
      text: 'Calle Hidalgo 14',
      replyTo: '1141',
      media: [{ ...image, ref: 'AgACAgEAAxkBAAIm2', bytes: 2 }],
    },
  },
]

/** Readable by nobody, but from somebody: kept as a row. */
const unreadable = [
  'photo-malformed',
  'location-malformed',
  'press-game',
  'kind-of-the-future',
  'inline-query',
  'poll-answer',
  'date-impossible',
]

/** Nobody's message to the bot: only logged. */
const ignored = [
  { file: 'group-added', reason: 'in a supergroup' },
  { file: 'group-text', reason: 'in a supergroup' },
  { file: 'group-press', reason: 'in a supergroup' },
  { file: 'channel-post', reason: 'in a channel' },
  { file: 'edited-live-location', reason: 'a live location moving' },
  { file: 'poll-closed', reason: 'from nobody we could answer' },
  { file: 'empty-update', reason: 'from nobody we could answer' },
  { file: 'business-message', reason: 'in a business chat' },
  { file: 'not-an-update', reason: 'not an update' },
]

describe('what a message says', () => {
  it.each(contents)('$file', ({ file, content }) => {
    const received = read(file)
    if (!('message' in received)) throw new Error(`ignored: ${received.ignored}`)
    const { channel, account, externalId, from, sentAt, providerId, ...said } = received.message
    expect(said).toEqual(content)
    expect({ channel, account, from }).toEqual({ channel: 'telegram', account: 'default', from: rosa })
    expect(externalId).toBe(String(updateIdOf(fixture(file))))
    expect(providerId).toMatch(/^1[01]\d\d$/)
    expect(sentAt.getUTCFullYear()).toBe(2026)
  })

  it.each(unreadable)('%s is kept as unsupported', (file) => {
    expect(read(file)).toMatchObject({ message: { kind: 'unsupported', from: rosa } })
  })

  it.each(ignored)('$file is ignored: $reason', ({ file, reason }) => {
    expect(read(file)).toEqual({ ignored: reason })
  })
})

describe('whatever comes', () => {
  const files = [...contents, ...whole].map(({ file }) => fixture(file))

  it('is read without an error into something that can be stored', () => {
    const broken = fc.tuple(fc.constantFrom(...files), fc.nat(), fc.jsonValue()).map(([update, where, value]) => {
      let place = 0
      return JSON.parse(JSON.stringify(update), (_key, part: unknown) => (place++ === where % 40 ? value : part))
    })
    fc.assert(
      fc.property(fc.oneof(broken, fc.jsonValue()), (update) => {
        const received = fromTelegram(update, { account: 'default', now: NOW })
        if (!('message' in received)) return
        expect(received.message.from.address).toMatch(/^-?\d+$/)
        expect(received.message.sentAt.toISOString()).toMatch(/Z$/)
        expect(storableJson(received.message)).toBeTypeOf('string')
      }),
      { numRuns: 500 },
    )
  })
})
