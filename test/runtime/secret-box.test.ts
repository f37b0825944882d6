import { expect, it } from 'vitest'
import { createSecretBox, UnreadableSecret } from '../../src/runtime/secret-box.ts'

const KEY = 'a key of at least thirty-two characters'
const secret = Buffer.from('5218331234567')
const box = createSecretBox(KEY, 'test')

it('gives back what it sealed, and seals the same thing differently each time', () => {
  const [one, other] = [box.seal(secret, 'a'), box.seal(secret, 'a')]
  expect(box.open(one, 'a')).toEqual(secret)
  expect(one.equals(other)).toBe(false)
  expect(one.includes(secret)).toBe(false)
})

it.each([
  ['with another key', () => createSecretBox(`${KEY}!`, 'test').open(box.seal(secret, 'a'), 'a')],
  ['for another purpose', () => createSecretBox(KEY, 'other').open(box.seal(secret, 'a'), 'a')],
  ['in another place', () => box.open(box.seal(secret, 'a'), 'b')],
  ['when it was cut', () => box.open(box.seal(secret, 'a').subarray(0, 20), 'a')],
  ['when it is empty', () => box.open(Buffer.alloc(0), 'a')],
  [
    'when a bit was changed',
    () =>
      box.open(
        box.seal(secret, 'a').map((byte, at) => (at === 32 ? byte ^ 1 : byte)),
        'a',
      ),
  ],
])('does not open %s', (_case, open) => {
  expect(open).toThrow(UnreadableSecret)
})
