import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { sql } from '../../runtime/sql.ts'
import type { Abierto, Pedido } from './abrir-acto.ts'
import type { Acto, ErrorDeActo } from './acto.ts'
import { replegar } from './guardar.ts'
import { ligarConversacion } from './ligar-conversacion.ts'

/** How an act ended. */
export type Final =
  | { estado: 'hecho'; providerId?: string | undefined; address?: string | undefined }
  | { estado: 'fallido'; error: ErrorDeActo }
  | { estado: 'ambiguo'; error: ErrorDeActo }

/** Writes down how an act ended and what that means for its comment, in the transaction of `em`. */
export async function cerrarActo(
  em: EntityManager,
  { acto, usuarioId }: Pedido,
  abierto: Abierto,
  final: Final,
  ahora: Date,
): Promise<void> {
  const { actoId, comentario } = abierto
  await sql(em, 'select 1 from comentario where id = $1 for no key update', [comentario.id])
  const providerId = final.estado === 'hecho' ? (final.providerId ?? null) : null
  const error = final.estado === 'hecho' ? null : final.error
  await sql(em, FINAL, [actoId, final.estado, providerId, error, ahora])
  if (final.estado === 'hecho') {
    await CONSECUENCIAS[acto]?.(em, comentario.id, usuarioId, ahora)
    if (acto === 'ocultar' || acto === 'mostrar') await anotarVista(em, actoId, comentario.id, acto, ahora)
    if (acto === 'privado') await ligarConversacion(em, abierto, final, usuarioId)
  }
  if (acto === 'privado' && error === 'already') await sql(em, EL_DUDOSO_SALIO, [comentario.id])
  await publish(em, { topic: 'comentario', id: comentario.id })
}

type Consecuencia = (em: EntityManager, id: number, usuarioId: number, ahora: Date) => Promise<unknown>

const contestar: Consecuencia = (em, id, usuarioId, ahora) => sql(em, CONTESTADO, [id, usuarioId, ahora])
/** Done with, whoever did it. */
export const atender: Consecuencia = (em, id, usuarioId, ahora) => sql(em, ATENDIDO, [id, usuarioId, ahora])

const CONSECUENCIAS: Partial<Record<Acto, Consecuencia>> = {
  responder: contestar,
  invitar: contestar,
  privado: contestar,
  ocultar: atender,
  atender,
  reabrir: (em, id, _usuarioId, ahora) =>
    sql(em, 'update comentario set atendido_at = null, atendido_por = null, reabierto_at = $2 where id = $1', [
      id,
      ahora,
    ]),
}

/** What we hid is hidden before the platform's own event of it comes, or when it never does. */
async function anotarVista(
  em: EntityManager,
  actoId: number,
  comentarioId: number,
  acto: 'ocultar' | 'mostrar',
  ahora: Date,
): Promise<void> {
  const verbo = acto === 'ocultar' ? 'hide' : 'unhide'
  await sql(em, SUCESO, [comentarioId, `acto:${actoId}`, verbo, ahora])
  await replegar(em, [comentarioId])
}

const FINAL = `update comentario_acto set estado = $2, provider_id = coalesce($3, provider_id), error = $4, done_at = $5 where id = $1`

const ATENDIDO = `
update comentario set atendido_at = coalesce(atendido_at, $3), atendido_por = coalesce(atendido_por, case when atendido_at is null then $2::bigint end)
 where id = $1`

const CONTESTADO = `
update comentario
   set contestado_por = case when contestado_at is null then $2 else contestado_por end,
       contestado_at = coalesce(contestado_at, $3),
       atendido_por = case when atendido_at is null then $2 else atendido_por end,
       atendido_at = coalesce(atendido_at, $3)
 where id = $1`

const SUCESO = `
insert into comentario_suceso (comentario_id, channel, account, external_id, verbo, at)
select c.id, c.channel, c.account, $2, $3, $4 from comentario c where c.id = $1`

const EL_DUDOSO_SALIO = `
update comentario_acto set estado = 'hecho', error = null
 where id = (select min(id) from comentario_acto where comentario_id = $1 and acto = 'privado' and estado = 'ambiguo')
   and not exists (select from comentario_acto where comentario_id = $1 and acto = 'privado' and estado = 'hecho')`
