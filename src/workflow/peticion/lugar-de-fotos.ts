import type { EntityManager } from '@mikro-orm/postgresql'
import type { Punto } from '../../conversation/flows/cercania/services.ts'
import { sqlOne } from '../../runtime/sql.ts'

/** Where the newest of these photographs was taken; only of this conversation's own: an id in a draft is no permission. */
export async function lugarDeFotos(
  em: EntityManager,
  conversationId: number,
  ids: readonly string[],
): Promise<{ punto?: Punto | undefined; pendiente: boolean }> {
  const row = await sqlOne<{ latitud: number | null; longitud: number | null; pendiente: boolean }>(
    em,
    `select (array_agg(latitud order by created_at desc, id) filter (where latitud is not null))[1] as latitud,
            (array_agg(longitud order by created_at desc, id) filter (where latitud is not null))[1] as longitud,
            coalesce(bool_or(status = 'pending'), false) as pendiente
       from attachment where id::text = any($1) and conversation_id = $2 and peticion_id is null`,
    [ids, conversationId],
  )
  const { latitud = null, longitud = null, pendiente = false } = row ?? {}
  return { ...(latitud !== null && longitud !== null && { punto: { latitud, longitud } }), pendiente }
}
