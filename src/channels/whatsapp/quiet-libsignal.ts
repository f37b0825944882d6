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

const METHODS = ['log', 'info', 'warn', 'error'] as const

const silenced = Symbol.for('canaliza quiet libsignal')

/**
 * Keeps libsignal's sentences off the console: it has no logger to be given, and prints private keys. What matters of them reaches our
 * log by Baileys. Everything else on the console stays as it was.
 */
export function quietLibsignal(): void {
  if (silenced in console) return
  Object.defineProperty(console, silenced, { value: true })
  for (const method of METHODS) {
    const original = console[method]
    console[method] = (first?: unknown, ...rest: unknown[]) => {
      if (typeof first === 'string' && SENTENCES.some((sentence) => first.startsWith(sentence))) return
      original.call(console, first, ...rest)
    }
  }
}
