import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import { createUsuario } from './usuario.ts'

/** The variables that name the first administrator. */
export interface FirstAdministratorSettings {
  ADMIN_EMAIL?: string | undefined
  ADMIN_PASSWORD?: string | undefined
}

/**
 * Makes an administrador when there are no users at all, and then gives what is to be printed once: a generated password
 * must be changed at the first login; one that was set in the environment is not given back.
 */
export async function ensureFirstAdministrator(
  em: EntityManager,
  { ADMIN_EMAIL, ADMIN_PASSWORD }: FirstAdministratorSettings,
): Promise<{ email: string; password: string | undefined } | undefined> {
  return em.transactional(async (tx) => {
    // Several processes start at once on one database.
    await sqlOne(tx, "select pg_advisory_xact_lock(hashtext('usuario'))")
    const anybody = await sqlOne(tx, 'select 1 from usuario limit 1')
    if (anybody) return undefined
    const email = ADMIN_EMAIL ?? 'admin@localhost'
    const datos = {
      email,
      nombre: 'Administrador',
      telefono: null,
      roles: ['administrador' as const],
      dependenciaId: null,
    }
    const { password } = await createUsuario(tx, datos, {}, ADMIN_PASSWORD)
    return { email, password: ADMIN_PASSWORD ? undefined : password }
  })
}
