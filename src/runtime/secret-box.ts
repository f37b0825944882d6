import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Seals bytes for keeping: AES-256-GCM, each bound to the place where it is kept. */
export interface SecretBox {
  /** `place` names the row or file; what was sealed for one place cannot be opened for another. */
  seal(bytes: Uint8Array, place: string): Buffer
  /** @throws {UnreadableSecret} when it was sealed with another key, for another place, or was changed. */
  open(sealed: Uint8Array, place: string): Buffer
}

/** What was sealed cannot be opened: most likely SECRET_KEY is not the one it was sealed with. */
export class UnreadableSecret extends Error {
  constructor(cause?: unknown) {
    super('a stored secret cannot be decrypted: SECRET_KEY is not the one it was encrypted with', { cause })
    this.name = 'UnreadableSecret'
  }
}

const VERSION = 1
const IV = 12
const TAG = 16

/** A box whose key is derived from SECRET_KEY for one purpose, so that no two uses of it share a key. */
export function createSecretBox(secretKey: string, purpose: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', `canaliza ${purpose}`, 32))
  return {
    seal(bytes, place) {
      const iv = randomBytes(IV)
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG }).setAAD(Buffer.from(place))
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), sealed])
    },
    open(sealed, place) {
      if (sealed[0] !== VERSION || sealed.length < 1 + IV + TAG) throw new UnreadableSecret()
      const [iv, tag, rest] = [sealed.subarray(1, 1 + IV), sealed.subarray(1 + IV, 1 + IV + TAG), 1 + IV + TAG]
      try {
        const opener = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG })
        opener.setAAD(Buffer.from(place)).setAuthTag(tag)
        return Buffer.concat([opener.update(sealed.subarray(rest)), opener.final()])
      } catch (error) {
        throw new UnreadableSecret(error)
      }
    },
  }
}
