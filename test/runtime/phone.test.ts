import { describe, expect, it } from 'vitest'
import { phoneOfDigits, toE164 } from '../../src/runtime/phone.ts'

describe('a telephone as one text', () => {
  it.each([
    ['833 000 0001', '+528330000001'],
    ['(833) 000-00-01', '+528330000001'],
    ['52 833 000 0001', '+528330000001'],
    ['+52 833 000 0001', '+528330000001'],
    ['521 833 000 0001', '+528330000001'],
    ['+52 1 833 000 0001', '+528330000001'],
    ['0052 1 8330000001', '+528330000001'],
    ['+1 210 555 0147', '+12105550147'],
  ])('%s', (written, e164) => {
    expect(toE164(written)).toBe(e164)
  })

  it.each(['', '12345', 'no tengo', '000 000 0000', '9'.repeat(40)])('none: %s', (written) => {
    expect(toE164(written)).toBeUndefined()
  })

  it('of a platform that names people by their digits', () => {
    expect(phoneOfDigits('5218330000001')).toBe('+528330000001')
    expect(phoneOfDigits('528330000001')).toBe('+528330000001')
    expect(phoneOfDigits('12105550147')).toBe('+12105550147')
    expect(phoneOfDigits('')).toBeUndefined()
  })
})
