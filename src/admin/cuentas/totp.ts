import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

/** What every authenticator app understands (RFC 6238, and the key URI format apps agree on): six digits, thirty seconds, SHA-1. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 }
/** Steps of a clock that is off, before and after ours. */
const DRIFT = 1

/** A key for an authenticator app: 160 bits, as RFC 4226 recommends. */
export const newTotpKey = (): Buffer => randomBytes(20)

/** The key as the QR code carries it; `issuer` and `account` name it in the app. */
export function totpUri(key: Uint8Array, issuer: string, account: string): string {
  return new TOTP({ ...FORM, issuer, label: account, secret: secretOf(key) }).toString()
}

/** The key to type by hand: base32 in groups of four. */
export const totpText = (key: Uint8Array): string => secretOf(key).base32.replace(/(.{4})(?=.)/g, '$1 ')

/** The 30-second step whose code this is, with a clock a little off; undefined when it is no code of this key now. */
export function stepOfCode(key: Uint8Array, typed: string, now: Date): number | undefined {
  const token = typed.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const timestamp = now.getTime()
  const delta = TOTP.validate({ ...FORM, token, secret: secretOf(key), timestamp, window: DRIFT })
  return delta === null ? undefined : TOTP.counter({ period: FORM.period, timestamp }) + delta
}

const secretOf = (key: Uint8Array) => new Secret({ buffer: new Uint8Array(key).buffer })
