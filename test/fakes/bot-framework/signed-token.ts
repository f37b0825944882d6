import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A key pair of the service that signs activities. */
export interface SigningKey {
  kid: string
  privateKey: KeyObject
  /** As the key server publishes it. */
  jwk: object
}

/** @param endorsements the channels that may sign with it; none says nothing. */
export function createSigningKey(kid: string, endorsements?: string[]): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = {
    ...publicKey.export({ format: 'jwk' }),
    kid,
    use: 'sig',
    x5t: kid,
    ...(endorsements && { endorsements }),
  }
  return { kid, privateKey, jwk }
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JSON Web Token as Azure signs it (RS256), or unsigned or signed otherwise when the header says so. */
export function signToken({ kid, privateKey }: SigningKey, claims: object, header: object = {}): string {
  const alg = 'alg' in header ? header.alg : 'RS256'
  const said = `${part({ alg, typ: 'JWT', kid, x5t: kid, ...header })}.${part(claims)}`
  if (alg === 'none') return `${said}.`
  if (alg === 'HS256') {
    const secret = privateKey.export({ format: 'der', type: 'pkcs8' })
    return `${said}.${createHmac('sha256', secret).update(said).digest('base64url')}`
  }
  return `${said}.${sign('RSA-SHA256', Buffer.from(said), privateKey).toString('base64url')}`
}
