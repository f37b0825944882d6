import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChannelLimits } from '../../src/channels/channel.ts'
import type { OutboundMedia, OutboundMessage } from '../../src/channels/message.ts'
import { splitMessage } from '../../src/channels/split-message.ts'
import { splitText } from '../../src/channels/split-text.ts'

const limits = (changes: Partial<ChannelLimits> = {}): ChannelLimits => ({
  text: 40,
  caption: 20,
  options: { max: 3, title: 20 },
  rate: 0,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: false,
  ...changes,
})

const foto: OutboundMedia = { kind: 'image', key: 'a', mime: 'image/jpeg', fileName: 'bache.jpg' }
const sticker: OutboundMedia = { ...foto, kind: 'sticker', mime: 'image/webp' }
const siNo = [
  { id: 'si', label: 'Sí' },
  { id: 'no', label: 'No' },
]
const enlace = { label: 'Ver mi folio', url: 'https://altamira.example/folio' }
const cuatro = ['Bache', 'Luminaria', 'Fuga', 'Basura'].map((label) => ({ id: label, label }))

const rows: { label: string; message: OutboundMessage; limits?: Partial<ChannelLimits>; parts: OutboundMessage[] }[] = [
  { label: 'a short text is one part', message: { text: 'Hola.' }, parts: [{ text: 'Hola.' }] },
  { label: 'a message that says nothing is none', message: { text: '  ' }, parts: [] },
  {
    label: 'a long text is cut after a sentence',
    message: { text: 'Recibimos su reporte del bache. Le avisaremos de cada cambio.' },
    parts: [{ text: 'Recibimos su reporte del bache.' }, { text: 'Le avisaremos de cada cambio.' }],
  },
  {
    label: 'a long sentence is cut after a word',
    message: { text: 'Un enlace de Obras Públicas revisará mañana el bache de su calle' },
    parts: [{ text: 'Un enlace de Obras Públicas revisará' }, { text: 'mañana el bache de su calle' }],
  },
  {
    label: 'a window that ends with a word is used whole',
    message: { text: 'uno dos tres' },
    limits: { text: 7 },
    parts: [{ text: 'uno dos' }, { text: 'tres' }],
  },
  {
    label: 'a very short first sentence is not left alone',
    message: { text: 'No. El bache de la calle que usted reportó sigue en proceso' },
    parts: [{ text: 'No. El bache de la calle que usted' }, { text: 'reportó sigue en proceso' }],
  },
  {
    label: 'the number of a list is not the end of a sentence',
    message: { text: 'Escriba 1. Bache 2. Luz 3. Fugas de agua en la vía pública' },
    parts: [{ text: 'Escriba 1. Bache 2. Luz 3. Fugas de agua' }, { text: 'en la vía pública' }],
  },
  {
    label: 'an emoji of several characters is not cut',
    message: { text: 'aaa👨‍👩‍👧bb' },
    limits: { text: 10 },
    parts: [{ text: 'aaa' }, { text: '👨‍👩‍👧bb' }],
  },
  {
    label: 'options stay on the last part',
    message: { text: 'Recibimos su reporte del bache. ¿Es correcto lo que leyó?', options: siNo },
    parts: [{ text: 'Recibimos su reporte del bache.' }, { text: '¿Es correcto lo que leyó?', options: siNo }],
  },
  {
    label: 'a reply is to the first part, requests and links are on the last',
    message: {
      text: 'Recibimos su reporte del bache. ¿Dónde está?',
      replyTo: '7',
      requestLocation: 'Ubicación',
      link: enlace,
    },
    parts: [
      { text: 'Recibimos su reporte del bache.', replyTo: '7' },
      { text: '¿Dónde está?', requestLocation: 'Ubicación', link: enlace },
    ],
  },
  {
    label: 'a file takes a text that fits as its caption',
    message: { text: 'Así quedó.', media: foto, options: siNo },
    parts: [{ text: 'Así quedó.', media: foto, options: siNo }],
  },
  {
    label: 'a file goes before a text that does not fit its caption',
    message: { text: 'Así quedó el bache de su calle.', media: foto, options: siNo },
    parts: [{ media: foto }, { text: 'Así quedó el bache de su calle.', options: siNo }],
  },
  {
    label: 'a sticker has no caption',
    message: { text: 'Gracias', media: sticker },
    parts: [{ media: sticker }, { text: 'Gracias' }],
  },
  {
    label: 'a file may go alone',
    message: { media: foto },
    limits: { caption: 0 },
    parts: [{ media: foto }],
  },
  {
    label: 'a channel without buttons gets a numbered list and the link written out',
    message: { text: '¿Qué pasó?', options: siNo, link: enlace },
    limits: { text: 100, options: 'numbered' },
    parts: [{ text: '¿Qué pasó?\n\n1. Sí\n2. No\n\nVer mi folio: https://altamira.example/folio' }],
  },
  {
    label: 'more options than buttons are a numbered list',
    message: { text: '¿Qué pasó?', options: cuatro },
    limits: { text: 100 },
    parts: [{ text: '¿Qué pasó?\n\n1. Bache\n2. Luminaria\n3. Fuga\n4. Basura' }],
  },
  {
    label: 'an option too long for a button makes all of them a list',
    message: { text: '¿Qué pasó?', options: [{ id: 'a', label: 'Fuga de agua en la vía pública' }] },
    limits: { text: 100 },
    parts: [{ text: '¿Qué pasó?\n\n1. Fuga de agua en la vía pública' }],
  },
  {
    label: 'a list that does not fit below the text goes whole after it',
    message: { text: 'Elija por favor lo que mejor describe', options: cuatro },
    parts: [{ text: 'Elija por favor lo que mejor describe' }, { text: '1. Bache\n2. Luminaria\n3. Fuga\n4. Basura' }],
  },
  {
    label: 'a link may be written out where options are buttons',
    message: { text: 'Novedad', options: siNo, link: enlace },
    limits: { text: 100, links: 'text' },
    parts: [{ text: 'Novedad\n\nVer mi folio: https://altamira.example/folio', options: siNo }],
  },
  { label: 'options alone are still a part', message: { options: siNo }, parts: [{ options: siNo }] },
]

describe('splitMessage', () => {
  it.each(rows)('$label', ({ message, limits: changes, parts }) => {
    expect(splitMessage(message, limits(changes))).toEqual(parts)
  })
})

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.lorem({ mode: 'sentences', maxCount: 12 }),
  fc
    .array(fc.constantFrom('👨‍👩‍👧', '🇲🇽', 'é', ' ', '\n', '. ', 'bache', 'á́́'), { maxLength: 200 })
    .map((all) => all.join('')),
)

const message: fc.Arbitrary<OutboundMessage> = fc.record(
  {
    text,
    media: fc.constantFrom(foto, sticker),
    options: fc.array(fc.record({ id: fc.string({ maxLength: 8 }), label: fc.lorem({ maxCount: 3 }) }), {
      maxLength: 9,
    }),
    link: fc.constant(enlace),
    replyTo: fc.constant('7'),
    requestContact: fc.constant('Mi teléfono'),
  },
  { requiredKeys: [] },
)

const anyLimits = fc.record({
  text: fc.integer({ min: 60, max: 200 }),
  caption: fc.integer({ min: 0, max: 60 }),
  options: fc.oneof(fc.constant('numbered' as const), fc.record({ max: fc.nat(9), title: fc.integer({ max: 30 }) })),
})

const withoutSpace = (string: string) => string.replaceAll(/\s/gu, '')

describe('splitting, whatever is written', () => {
  it('keeps every letter in order, within the limit, and cuts no letter in two', () => {
    const boundaries = (string: string) =>
      [...new Intl.Segmenter('es').segment(string)].map(({ segment }) => withoutSpace(segment)).filter(Boolean)
    fc.assert(
      fc.property(text, fc.integer({ min: 12, max: 80 }), (string, limit) => {
        const parts = splitText(string, limit)
        expect(parts.every((part) => part.length <= limit && part.trim() !== '')).toBe(true)
        expect(withoutSpace(parts.join(''))).toBe(withoutSpace(string))
        const longest = Math.max(
          0,
          ...[...new Intl.Segmenter('es').segment(string)].map(({ segment }) => segment.length),
        )
        if (longest <= limit) expect(parts.flatMap(boundaries)).toEqual(boundaries(string))
        expect(parts.join('').isWellFormed()).toBe(string.isWellFormed())
      }),
    )
  })

  it('makes progress when one letter is longer than the limit', () => {
    const letter = `e${'\u0301'.repeat(50)}`
    expect(splitText(letter.repeat(3), 12).join('')).toBe(letter.repeat(3))
    expect(splitText('👨‍👩‍👧', 1).join('')).toBe('👨‍👩‍👧')
  })

  it('makes parts that need no further cut and lose nothing', () => {
    fc.assert(
      fc.property(message, anyLimits, (whole, some) => {
        const parts = splitMessage(whole, limits(some))
        expect(parts.flatMap((part) => splitMessage(part, limits(some)))).toEqual(parts)
        const said = withoutSpace(parts.map((part) => part.text ?? '').join(''))
        expect(said.startsWith(withoutSpace(whole.text ?? ''))).toBe(true)
        for (const { label } of whole.options ?? []) {
          const asButton = parts.at(-1)?.options?.some((option) => option.label === label)
          expect(asButton || said.includes(withoutSpace(label))).toBe(true)
        }
        if (whole.media) expect(parts[0]?.media).toEqual(whole.media)
        expect(parts.filter((part) => part.media)).toHaveLength(whole.media ? 1 : 0)
        for (const part of parts.slice(0, -1)) expect(Object.keys(part).toSorted()).not.toContain('options')
      }),
    )
  })
})
