import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import { SECCIONES } from '../menu.ts'

/** May this user attend conversations that no petition of theirs leads to? */
export function veConversaciones({ roles }: Pick<UsuarioActor, 'roles'>): boolean {
  return SECCIONES.conversaciones.acceso.some((rol) => roles.includes(rol))
}

/** May this user open this conversation: as one who attends them, or through a petition in their reach. */
export async function puedeLeerHilo(
  em: EntityManager,
  usuario: UsuarioActor,
  conversationId: number,
): Promise<boolean> {
  if (veConversaciones(usuario)) return true
  const { sql, params } = alcance(usuario, 2)
  const found = await sqlOne(
    em,
    `select 1 from conversation c join peticion p on p.address_id = c.address_id where c.id = $1 and ${sql} limit 1`,
    [conversationId, ...params],
  )
  return found !== undefined
}
