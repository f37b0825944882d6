import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { SECCIONES } from '../menu.ts'

/** What was said in public and became a petition, as it was then. */
export interface Publicacion {
  comentarioId: number
  channel: string
  autor: string | null
  texto: string | null
  permalink: string | null
  publicadoAt: Date | null
  capturista: string
  createdAt: Date
  /** This user attends the social networks and may open the comment. */
  enRedes: boolean
}

/** That of one petition, which whoever calls has in reach; undefined for most. */
export async function leerPublicacion(
  em: EntityManager,
  { roles }: UsuarioActor,
  peticionId: number,
): Promise<Publicacion | undefined> {
  const row = await sqlOne<Omit<Publicacion, 'enRedes'>>(
    em,
    `select k.comentario_id as "comentarioId", k.channel, k.autor, k.texto, coalesce(k.permalink, k.post_permalink) as permalink,
            k.publicado_at as "publicadoAt", u.nombre as capturista, k.created_at as "createdAt"
       from peticion_publicacion k join usuario u on u.id = k.capturada_por where k.peticion_id = $1`,
    [peticionId],
  )
  return row && { ...row, enRedes: SECCIONES.redes.acceso.some((rol) => roles.includes(rol)) }
}
