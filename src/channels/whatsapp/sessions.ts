import { AsyncLocalStorage } from 'node:async_hooks'
import type { SocketConfig } from '@whiskeysockets/baileys'

type Repository = ReturnType<SocketConfig['makeSignalRepository']>

/**
 * Makes what encryption changes in a session durable before the ciphertext is sent. Baileys sends within a transaction of its keys that
 * is committed afterwards: whoever dies in between, or loses the number, would use the same key twice, or not know of a session that the
 * other side has begun to use; and a message decrypted meanwhile would undo the change, or be undone by it. So these run outside of that
 * transaction, each in its own, one after the other for each person.
 */
export function committingFirst(repository: Repository): Repository {
  // The transaction is known by its asynchronous context; here there is none.
  const outside = AsyncLocalStorage.snapshot()
  return {
    ...repository,
    encryptMessage: (message) => outside(() => repository.encryptMessage(message)),
    injectE2ESession: (session) => outside(() => repository.injectE2ESession(session)),
    validateSession: (jid) => outside(() => repository.validateSession(jid)),
    deleteSession: (jids) => outside(() => repository.deleteSession(jids)),
    migrateSession: (from, to) => outside(() => repository.migrateSession(from, to)),
  }
}
