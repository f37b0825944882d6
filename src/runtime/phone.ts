import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/**
 * A telephone in E.164 (`+528331234567`), Mexican unless written with another country's prefix; undefined when it cannot be one.
 * Mexican mobile numbers used to have a 1 after the country's 52, and WhatsApp still writes some that way: it is dropped, so that
 * one telephone is one text however it came.
 */
export function toE164(written: string): string | undefined {
  const digits = written.replace(/[^\d+]/g, '').replace(/^(?:\+|00)?521(?=\d{10}$)/, '+52')
  const number = parsePhoneNumberFromString(digits, 'MX')
  return number?.isValid() ? number.number : undefined
}

/** As `toE164`, for the digits with country code and without a sign by which platforms name a number (`5218331234567`). */
export const phoneOfDigits = (digits: string): string | undefined => toE164(`+${digits}`)
