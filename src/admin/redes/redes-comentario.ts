import type { EntityManager } from '@mikro-orm/postgresql'
import type { PublicKind, PublicMedia } from '../../channels/public-post.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Acto, EstadoDeActo } from '../../workflow/redes/acto.ts'
import type { VerboDeSuceso } from '../../workflow/redes/plegar.ts'

/** A comment with all that the staff may know of it. */
export interface ComentarioDetallado {
  id: number
  channel: string
  account: string
  externalId: string
  kind: PublicKind
  autor: string | null
  texto: string | null
  medios: PublicMedia[]
  postId: string | null
  postTexto: string | null
  permalink: string | null
  postPermalink: string | null
  publicadoAt: Date
  editadoAt: Date | null
  borradoAt: Date | null
  oculto: boolean
  atendidoAt: Date | null
  atendidoPor: string | null
  contestadoAt: Date | null
  peticionId: number | null
  conversationId: number | null
  /** The platform has not told all of it yet. */
  porLeer: boolean
}

/** Something said beside it: what it answers, and what answers it. */
export interface Vecino {
  id: number
  propio: boolean
  autor: string | null
  texto: string | null
  publicadoAt: Date
  borradoAt: Date | null
  oculto: boolean
  lugar: 'antes' | 'despues'
}

/** What it said before it was changed, or that it was taken away. */
export interface Revision {
  verbo: VerboDeSuceso
  texto: string | null
  at: Date
}

/** What a member of the staff did. */
export interface ActoDetallado {
  id: number
  acto: Acto
  estado: EstadoDeActo
  texto: string | null
  error: string | null
  usuario: string
  createdAt: Date
  /** An answer that can still be deleted. */
  sePuedeBorrar: boolean
  borrado: boolean
}

/** All of one comment; undefined when there is none of somebody else's with this id. */
export async function leerComentario(em: EntityManager, id: number) {
  const c = await sqlOne<ComentarioDetallado>(em, COMENTARIO, [id])
  if (!c) return undefined
  const vecinos = await sql<Vecino>(em, VECINOS, [id])
  const revisiones = await sql<Revision>(em, REVISIONES, [id])
  const actos = await sql<ActoDetallado>(em, ACTOS, [id])
  return { c, vecinos, revisiones, actos, visto: Math.max(0, ...actos.map((one) => one.id)) }
}

const COMENTARIO = `
select c.id, c.channel, c.account, c.external_id as "externalId", c.kind, c.autor, c.texto, c.medios, c.post_id as "postId",
       c.post_texto as "postTexto", c.permalink, c.post_permalink as "postPermalink", c.publicado_at as "publicadoAt",
       c.editado_at as "editadoAt", c.borrado_at as "borradoAt", c.oculto, c.atendido_at as "atendidoAt",
       u.nombre as "atendidoPor", c.contestado_at as "contestadoAt", c.peticion_id as "peticionId", v.id as "conversationId",
       c.detalle_at is not null as "porLeer"
  from comentario c left join usuario u on u.id = c.atendido_por left join conversation v on v.address_id = c.address_id
 where c.id = $1 and not c.propio and c.publicado_at is not null`

// What our own acts said is told with the act.
const VECINOS = `
select v.id, v.propio, v.autor, v.texto, v.publicado_at as "publicadoAt", v.borrado_at as "borradoAt", v.oculto,
       case when v.external_id = c.parent_id then 'antes' else 'despues' end as lugar
  from comentario c join comentario v on v.channel = c.channel and v.account = c.account and v.publicado_at is not null
   and (v.external_id = c.parent_id or v.parent_id = c.external_id)
 where c.id = $1
   and not exists (select from comentario_acto a where a.comentario_id = c.id and a.provider_id = v.external_id)
 order by v.publicado_at, v.id limit 100`

const REVISIONES = `
select verbo, cuerpo->>'text' as texto, at from comentario_suceso
 where comentario_id = $1 and verbo <> 'detail' and external_id not like 'acto:%' order by at, id`

const ACTOS = `
select a.id, a.acto,
       case when a.estado = 'en_curso' and a.created_at < now() - interval '1 minute' then 'ambiguo' else a.estado end as estado,
       a.texto, a.error, u.nombre as usuario, a.created_at as "createdAt",
       a.acto in ('responder', 'invitar') and a.estado = 'hecho' and a.provider_id is not null and b.id is null as "sePuedeBorrar",
       b.id is not null as borrado
  from comentario_acto a join usuario u on u.id = a.usuario_id
  left join comentario_acto b on b.sobre = a.id and b.acto = 'borrar' and b.estado = 'hecho'
 where a.comentario_id = $1 order by a.id`
