import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { MediaRef } from '../../../src/channels/message.ts'
import { fromDirectLine } from '../../../src/channels/web-chat/from-direct-line.ts'
import { HttpProblem } from '../../../src/runtime/http.ts'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'))

const arrival = (media: MediaRef[] = []) => ({
  conversationId: 'abc',
  userId: undefined,
  fallbackName: 'made-here',
  media,
  now: new Date('2026-11-22T13:45:00Z'),
})

// What each kind of activity comes to is in ../conformance.

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
