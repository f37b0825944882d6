import { createHmac, timingSafeEqual } from 'node:crypto'

const PREFIX = 'sha256='

/**
 * Was this body signed with the app's secret? `header` is `X-Hub-Signature-256`, over the bytes as they came
 * (https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads).
 */
export function isSigned(body: Uint8Array, header: unknown, secret: string): boolean {
  if (typeof header !== 'string' || !header.startsWith(PREFIX)) return false
  const given = Buffer.from(header.slice(PREFIX.length), 'hex')
  const expected = createHmac('sha256', secret).update(body).digest()
  return given.length === expected.length && timingSafeEqual(given, expected)
}
