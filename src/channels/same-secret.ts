import { createHash, timingSafeEqual } from 'node:crypto'

/** Is what a stranger gave the secret? Compares digests: of equal length, in a time that tells nothing. */
export function isSameSecret(given: unknown, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret))
}
