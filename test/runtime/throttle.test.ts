import { describe, expect, it } from 'vitest'
import { ipOrNull, subscriberOf, throttleKey } from '../../src/runtime/throttle.ts'

describe('whom attempts are counted for', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['no es una dirección', 'no es una dirección'],
    ['', ''],
  ])('%s is %s', (ip, subscriber) => {
    expect(subscriberOf(ip)).toBe(subscriber)
  })

  it('is stored as an address only when it is one', () => {
    const said = ['192.0.2.7', 'fe80::1%eth0', 'unknown', '192.0.2.7:1234', "'; drop table", undefined].map(ipOrNull)
    expect(said).toEqual(['192.0.2.7', 'fe80::1', null, null, null, null])
  })

  it('is not written in the clear', () => {
    expect(throttleKey('login', '192.0.2.7', 'enlace@ejemplo.mx')).toMatch(/^login:[\w-]{32}$/)
    expect(throttleKey('login', 'a', 'b')).not.toBe(throttleKey('login', 'ab'))
  })
})
