import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { MEDIO_DE_RED } from '../permisos.ts'
import { bloquearComentario } from './abrir-acto.ts'
import { ActoRechazado } from './acto.ts'
import { atender } from './cerrar-acto.ts'

/** What of a comment the form of capture is filled with. */
export interface ComentarioPorCapturar {
  id: number
  channel: string
  medio: string
  autor: string | null
  texto: string | null
  permalink: string | null
  /** Whose conversation in private it led to: they hear of their petition there. */
  addressId: number | null
}

/** Reads it. @throws {ActoRechazado} when there is no such comment of somebody else's */
export async function porCapturar(em: EntityManager, id: number): Promise<ComentarioPorCapturar> {
  const one = await sqlOne<Omit<ComentarioPorCapturar, 'medio'>>(
    em,
    `select id, channel, autor, texto, coalesce(permalink, post_permalink) as permalink, address_id as "addressId"
       from comentario where id = $1 and not propio and publicado_at is not null`,
    [id],
  )
  if (!one) throw new ActoRechazado('no_existe')
  return { ...one, medio: medioDeRed(one.channel) }
}

/** The medio of a petition made of what was said in public: its network. */
const medioDeRed = (channel: string): string => MEDIO_DE_RED[channel] ?? 'redes_sociales'

/**
 * Keeps what was said in public as it is now with the petition that was made of it, and takes the comment for attended, in the
 * transaction that registers the petition. A second time with the same form it changes nothing.
 */
export async function guardarPublicacion(
  em: EntityManager,
  comentarioId: number,
  { peticionId, usuarioId, captura, ahora }: { peticionId: number; usuarioId: number; captura: string; ahora: Date },
): Promise<void> {
  await bloquearComentario(em, comentarioId)
  const kept = await sql(em, PUBLICACION, [peticionId, comentarioId, usuarioId, ahora])
  if (kept.length === 0) return
  await sql(em, ACTO, [comentarioId, usuarioId, captura, ahora])
  await sql(em, 'update comentario set peticion_id = $2 where id = $1', [comentarioId, peticionId])
  await atender(em, comentarioId, usuarioId, ahora)
  await publish(em, { topic: 'comentario', id: comentarioId })
}

// An anonymous petition keeps nothing that leads to a person: it is never made of a comment.
const PUBLICACION = `
insert into peticion_publicacion (peticion_id, comentario_id, channel, autor, autor_id, texto, permalink, post_permalink, publicado_at,
                                  capturada_por, created_at)
select p.id, c.id, c.channel, c.autor, c.autor_id, c.texto, c.permalink, c.post_permalink, c.publicado_at, $3, $4
  from comentario c join peticion p on p.id = $1 and not p.anonima
 where c.id = $2
on conflict (peticion_id) do nothing returning 1`

const ACTO = `
insert into comentario_acto (comentario_id, acto, usuario_id, solicitud, estado, created_at, done_at)
values ($1, 'capturar', $2, $3, 'hecho', $4, $4) on conflict (solicitud) do nothing`
