import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import { attempt, forget, throttleKey } from '../../runtime/throttle.ts'
import { verifyPassword } from './password.ts'

/**
 * What is wrong with the password that somebody logged in types once more, or undefined: a session left open on a desk
 * must let nobody change the doors, nor guess.
 */
export async function wrongPassword(
  em: EntityManager,
  usuarioId: number,
  typed: string,
): Promise<'password_espere' | 'password_actual' | undefined> {
  const key = throttleKey('password', String(usuarioId))
  const verdict = await attempt(em, key, { hits: 10, seconds: 900 })
  if (!verdict.allowed) return 'password_espere'
  const stored = await sqlOne<{ hash: string }>(em, 'select password_hash as hash from usuario where id = $1', [
    usuarioId,
  ])
  if (!(await verifyPassword(stored?.hash, typed))) return 'password_actual'
  await forget(em, key)
  return undefined
}
