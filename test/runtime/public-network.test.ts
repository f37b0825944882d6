import { expect, it } from 'vitest'
import { isPublicUrl, lookupPublic, PrivateNetwork } from '../../src/runtime/public-network.ts'

it.each([
  ['https://example.org/a', true],
  ['https://93.184.215.14/a', true],
  ['http://example.org/a', false],
  ['https://who:secret@example.org/a', false],
  ['https://127.0.0.1/', false],
  ['https://2130706433/', false],
  ['https://0x7f.1/', false],
  ['https://10.0.0.1/', false],
  ['https://169.254.169.254/latest/meta-data', false],
  ['https://100.64.0.1/', false],
  ['https://0.0.0.0/', false],
  ['https://[::1]/', false],
  ['https://[::ffff:10.0.0.1]/', false],
  ['https://[64:ff9b::a00:1]/', false],
  ['https://[2002:a00:1::]/', false],
  ['https://[fd00::1]/', false],
])('%s may be asked by whoever gave it to us: %s', (url, may) => {
  expect(isPublicUrl(new URL(url))).toBe(may)
})

it('a name that leads home is not looked up for strangers', async () => {
  const { promise, resolve } = Promise.withResolvers<Error | null>()
  lookupPublic('localhost', { all: true }, resolve)
  expect(await promise).toBeInstanceOf(PrivateNetwork)
})
