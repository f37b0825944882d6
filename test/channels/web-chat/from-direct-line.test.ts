import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { InboundMessage, MediaRef } from '../../../src/channels/message.ts'
import { fromDirectLine } from '../../../src/channels/web-chat/from-direct-line.ts'
import { HttpProblem } from '../../../src/runtime/http.ts'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'))

const photo: MediaRef = { kind: 'image', ref: 'incoming/1', mime: 'image/png', fileName: 'foto.png', bytes: 13_492 }

const arrival = (media: MediaRef[] = []) => ({
  conversationId: 'abc',
  userId: undefined,
  fallbackName: 'made-here',
  media,
  now: new Date('2026-11-22T13:45:00Z'),
})

interface Row {
  name: string
  media?: MediaRef[]
  externalId: string
  expected: Partial<InboundMessage>
}

const MESSAGES: Row[] = [
  {
    name: 'web-chat-text',
    externalId: 'abc/nuj82mwbwy',
    expected: {
      kind: 'text',
      text: 'hay un **bache** 🌧️ frente al jardín de niños',
      from: { address: 'abc', language: 'es-MX' },
    },
  },
  {
    name: 'web-chat-message-back',
    externalId: 'abc/7g024ng6ys5',
    expected: { kind: 'choice', text: 'Bache', choice: { id: 'menu:bache', label: 'Bache' } },
  },
  { name: 'web-chat-post-back', externalId: 'abc/kq1', expected: { kind: 'choice', choice: { id: 'menu:luz' } } },
  {
    name: 'web-chat-files',
    media: [photo],
    externalId: 'abc/upmxzas8caf',
    expected: { kind: 'image', text: 'así está la calle', media: [photo] },
  },
  { name: 'web-chat-join', externalId: 'abc#start', expected: { kind: 'start' } },
  {
    name: 'widget-choice',
    externalId: 'abc/0192f3a4',
    expected: {
      kind: 'choice',
      text: 'Alumbrado público',
      choice: { id: 'cat:luminaria', label: 'Alumbrado público' },
    },
  },
  {
    name: 'widget-place',
    externalId: 'abc/0192f3a5',
    expected: { kind: 'location', text: 'Mi ubicación', location: { latitude: 22.3941, longitude: -97.9376 } },
  },
  {
    name: 'place-entity',
    externalId: 'abc/made-here',
    expected: {
      kind: 'location',
      from: { address: 'abc', name: 'Rosa' },
      location: { latitude: 22.3925, longitude: -97.9389, name: 'Palacio municipal', address: 'Quintero s/n' },
    },
  },
  {
    name: 'dotnet-nulls',
    externalId: 'abc/made-here',
    expected: { kind: 'text', text: 'buenas tardes', from: { address: 'abc' } },
  },
  { name: 'card-submit', externalId: 'abc/made-here', expected: { kind: 'unsupported' } },
]

test.each(MESSAGES)('$name becomes a neutral message', ({ name, media, externalId, expected }) => {
  const { id, message } = fromDirectLine(fixture(name), arrival(media))
  expect(message).toMatchObject({ channel: 'web-chat', account: 'default', externalId, providerId: id, ...expected })
  expect(message?.location).toEqual(expected.location)
  expect(message?.choice).toEqual(expected.choice)
})

test('typing leaves no message, but an id', () => {
  expect(fromDirectLine(fixture('web-chat-typing'), arrival())).toEqual({ id: 'abc|u.n0o0' })
})

test('the same message sent again has the same id and external id', () => {
  const first = fromDirectLine(fixture('widget-choice'), arrival())
  const second = fromDirectLine(fixture('widget-choice'), { ...arrival(), fallbackName: 'another', now: new Date() })
  expect(second.id).toBe(first.id)
  expect(second.message?.externalId).toBe(first.message?.externalId)
})

test('no name that a client gives a message makes it the start of the conversation', () => {
  const start = fromDirectLine(fixture('web-chat-join'), arrival()).message?.externalId
  const names = ['start', '#start', 'abc#start', '/', '']
  const ids = names.map((clientActivityID) => {
    const channelData = clientActivityID === '' ? {} : { clientActivityID }
    return fromDirectLine({ type: 'message', text: 'x', channelData }, arrival()).message?.externalId
  })
  expect(ids).not.toContain(start)
  expect(new Set(ids).size).toBe(names.length)
})

test("a token's user is whose message it is, whatever the message says", () => {
  const { message } = fromDirectLine(fixture('web-chat-text'), { ...arrival(), userId: 'dl_known' })
  expect(message?.channelData).toMatchObject({ from: { id: 'dl_known' } })
})

const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)])

test.each<[string, unknown, number]>([
  ['nothing', undefined, 400],
  ['no object', 'hola', 400],
  ['a list', [{ type: 'message', text: 'hola' }], 400],
  ['no type', { text: 'hola' }, 400],
  ['no words', { type: 'message', text: ' \n ' }, 400],
  ['a text that is none', { type: 'message', text: { toString: 1 } }, 400],
  ['a text too long', { type: 'message', text: 'a'.repeat(8001) }, 413],
  ['a name too long', { type: 'message', text: 'a', channelData: { clientActivityID: 'a'.repeat(201) } }, 400],
  ['a place off the map', { type: 'message', channelData: { location: { latitude: 91, longitude: 0 } } }, 400],
  ['a place without numbers', { type: 'message', channelData: { location: { latitude: '22', longitude: null } } }, 400],
  ['an option id longer than ours', { type: 'message', channelData: { choice: { id: 'a'.repeat(65) } } }, 400],
  ['channelData too deep', { type: 'message', text: 'a', channelData: { a: nested(16) } }, 400],
  [
    'a link to a file',
    { type: 'message', attachments: [{ contentType: 'image/png', contentUrl: 'http://10.0.0.1/' }] },
    400,
  ],
])('%s is refused', (_label, body, status) => {
  expect(() => fromDirectLine(body, arrival())).toThrow(HttpProblem)
  expect(() => fromDirectLine(body, arrival())).toThrow(expect.objectContaining({ status }))
})

test('a text of exactly the limit, of signs that take two units, is taken', () => {
  const text = '🕳️'.repeat(2666)
  expect(fromDirectLine({ type: 'message', text }, arrival()).message?.text).toBe(text)
})
