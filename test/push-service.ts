import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A browser that subscribed at this service, and what it was told. */
export interface TestPushService {
  /** What the browser gives the panel. */
  subscribe(): { endpoint: string; keys: { p256dh: string; auth: string } }
  /** What arrived, decrypted as the browser does (RFC 8291), in order. */
  shown: unknown[]
  /** The public key that signed each request (RFC 8292), verified. */
  signedBy: string[]
  /** What is answered instead of 201. */
  answer: number
  close(): Promise<void>
}

/** Starts a push service on a socket of its own (RFC 8030); it refuses what is not signed for it. */
export async function startPushService(): Promise<TestPushService> {
  const browsers = new Map<string, { ecdh: ReturnType<typeof createECDH>; auth: Buffer }>()
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const browser = browsers.get(request.url ?? '')
    const key = signer(request.headers.authorization ?? '', origin())
    if (!key || !browser || request.headers['content-encoding'] !== 'aes128gcm' || !request.headers.ttl) {
      response.writeHead(key ? 400 : 403).end()
      return
    }
    service.signedBy.push(key)
    if (service.answer === 201) service.shown.push(JSON.parse(decrypt(body, browser.ecdh, browser.auth)))
    response.writeHead(service.answer).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const service: TestPushService = {
    subscribe() {
      const ecdh = createECDH('prime256v1')
      const p256dh = ecdh.generateKeys('base64url')
      const auth = randomBytes(16)
      const path = `/p/${randomBytes(8).toString('hex')}`
      browsers.set(path, { ecdh, auth })
      return { endpoint: `${origin()}${path}`, keys: { p256dh, auth: auth.toString('base64url') } }
    },
    shown: [],
    signedBy: [],
    answer: 201,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return service
}

/** The key of a valid signature for this service, for no longer than a day; undefined for any other. */
function signer(authorization: string, audience: string): string | undefined {
  const [, head = '', claims = '', signature = '', key = ''] =
    /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization) ?? []
  const point = Buffer.from(key, 'base64url')
  if (point.length !== 65) return undefined
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) }, format: 'jwk' })
  const signed = Buffer.from(`${head}.${claims}`)
  const isSigned = verify(
    'sha256',
    signed,
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))
  const left = exp - Date.now() / 1000
  return isSigned && aud === audience && left > 0 && left <= 86_400 && /^(https|mailto):/.test(sub) ? key : undefined
}

/** RFC 8188 with the keys of RFC 8291, of one record. */
function decrypt(body: Buffer, ecdh: ReturnType<typeof createECDH>, auth: Buffer): string {
  const salt = body.subarray(0, 16)
  const idLength = body.readUInt8(20)
  const theirs = body.subarray(21, 21 + idLength)
  const sealed = body.subarray(21 + idLength)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), theirs])
  const ikm = Buffer.from(hkdfSync('sha256', ecdh.computeSecret(theirs), auth, info, 32))
  const cek = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12))
  const opener = createDecipheriv('aes-128-gcm', cek, nonce).setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()])
  // The last record's delimiter.
  return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8')
}
