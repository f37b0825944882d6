import { createDecipheriv, createHmac } from 'node:crypto'
import { getMediaKeys } from '@whiskeysockets/baileys'
import { SendError } from '../send-error.ts'
import type { StoredFile } from './media-ref.ts'

/** Bytes of the HMAC that stand behind a file. */
const MAC = 10

/**
 * Decrypts a file as it comes: AES-256-CBC, with the beginning of an HMAC-SHA256 of it behind it. Baileys' own reader checks no HMAC,
 * follows redirects and has no time limit. What was changed on its way ends in an error after its last byte.
 */
export async function openFile({ key, type }: StoredFile): Promise<TransformStream<Uint8Array, Uint8Array>> {
  const { iv, cipherKey, macKey } = await getMediaKeys(key, type)
  if (!macKey) throw new Error('WhatsApp’s files have no key for their HMAC')
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
  const hmac = createHmac('sha256', macKey).update(iv)
  // Whatever comes last is the HMAC, so that many bytes are always held back.
  let held = Buffer.alloc(0)
  return new TransformStream({
    transform(chunk, controller) {
      const whole = Buffer.concat([held, chunk])
      const sealed = whole.subarray(0, Math.max(0, whole.length - MAC))
      held = whole.subarray(sealed.length)
      hmac.update(sealed)
      const plain = decipher.update(sealed)
      if (plain.length > 0) controller.enqueue(plain)
    },
    flush(controller) {
      if (!hmac.digest().subarray(0, MAC).equals(held)) throw spoiled()
      try {
        controller.enqueue(decipher.final())
      } catch (cause) {
        throw spoiled(cause)
      }
    },
  })
}

const spoiled = (cause?: unknown) =>
  new SendError('invalid', 'The file is not the one that was sent', { retryable: false, cause })
