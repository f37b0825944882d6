import { expect, test } from 'vitest'
import { createTokens } from '../../../src/channels/web-chat/tokens.ts'

const NOON = new Date('2026-11-22T12:00:00Z')
const later = (seconds: number) => () => new Date(NOON.getTime() + seconds * 1000)
const tokens = createTokens('a-secret-key-of-32-characters-0001', () => NOON)

test('a token says whose conversation it is good for', () => {
  const token = tokens.issue({ use: 'api', conv: 'abc', origin: 'https://a.example', user: 'dl_1' })
  expect(tokens.verify(token, ['api'])).toMatchObject({ conv: 'abc', origin: 'https://a.example', user: 'dl_1' })
})

test.each([
  ['api', 1799, undefined],
  ['api', 1800, 'TokenExpired'],
  ['stream', 59, undefined],
  ['stream', 60, 'TokenExpired'],
  ['resume', 89 * 86_400, undefined],
  ['resume', 90 * 86_400, 'TokenExpired'],
] as const)('a token for %s after %i seconds: %s', (use, seconds, code) => {
  const token = tokens.issue({ use, conv: 'abc' })
  const verify = () => createTokens('a-secret-key-of-32-characters-0001', later(seconds)).verify(token, [use])
  if (code === undefined) expect(verify().conv).toBe('abc')
  else
    expect(verify).toThrow(
      expect.objectContaining({
        status: 403,
        extra: expect.objectContaining({ error: expect.objectContaining({ code }) }),
      }),
    )
})

const [header = '', payload = '', signature = ''] = tokens.issue({ use: 'api', conv: 'abc' }).split('.')
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const forged = encode({ use: 'api', conv: 'another', exp: 9_999_999_999 })

test.each([
  ['another algorithm', `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`],
  ['another algorithm with our signature', `${encode({ alg: 'HS512', typ: 'JWT' })}.${payload}.${signature}`],
  ['another conversation', `${header}.${forged}.${signature}`],
  ['no signature', `${header}.${payload}`],
  ['half a signature', `${header}.${payload}.${signature.slice(0, 20)}`],
  ['a token for something else', tokens.issue({ use: 'file', conv: 'abc' })],
  [
    'a token of another key',
    createTokens('another-secret-key-of-32-characters', () => NOON).issue({ use: 'api', conv: 'abc' }),
  ],
  ['words', 'not a token'],
])('%s is no token', (_label, token) => {
  expect(() => tokens.verify(token, ['api'])).toThrow(expect.objectContaining({ status: 403 }))
})
