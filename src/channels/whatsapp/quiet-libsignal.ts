import { quietConsole } from '../quiet-console.ts'

/** How the sentences begin that libsignal writes to the console, some of them followed by a session with its private keys. */
const SENTENCES = [
  'Closing session',
  'Closing open session',
  'Opening session',
  'Removing old closed session',
  'Session already',
  'Session error',
  'Migrating session',
  'V1 session storage',
  'Decrypted message with closed session',
  'Failed to decrypt message with any known session',
  'Unhandled bucket type',
  'WARNING: Expected pubkey',
]

/**
 * Keeps libsignal's sentences off the console: it has no logger to be given, and prints private keys. What matters of them reaches our
 * log by Baileys.
 */
export function quietLibsignal(): void {
  quietConsole(
    'libsignal',
    (first) => typeof first === 'string' && SENTENCES.some((sentence) => first.startsWith(sentence)),
  )
}
