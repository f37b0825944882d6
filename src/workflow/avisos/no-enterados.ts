import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { alcance } from '../permisos.ts'

/** Why the last of it did not reach them. */
export type MotivoNoEnterado = 'bloqueo' | 'ventana' | 'duda' | 'fallo'

/** A petition whose citizen does not know what was to be told to them. */
export interface NoEnterado {
  folio: string
  asunto: string
  estado: string
  dependencia: string | null
  reservada: boolean
  nombre: string | null
  telefono: string | null
  motivo: MotivoNoEnterado
  /** What the channel said, for whoever repairs it; null where nothing was tried. */
  error: string | null
  channel: string
  account: string
  conversationId: number
  /** When the first and the last of it were written. */
  desde: Date
  at: Date
  cuantos: number
  /** What being told otherwise settles. */
  hastaMessage: number
  hastaOutbox: number
  /** Conversations of the same person on other channels, where one can write. */
  otros: { id: number; channel: string }[]
}

/** Notices of so many days; what is older is no news any more. */
const DIAS_NO_ENTERADO = 60

/** More than so many are neither listed nor counted. */
export const TOPE_NO_ENTERADOS = 100

/** The petitions in this user's reach whose citizen was not reached, the longest waiting first. */
export function leerNoEnterados(em: EntityManager, usuario: UsuarioActor): Promise<NoEnterado[]> {
  const { sql: condicion, params } = alcance(usuario, 3)
  return sql(em, lista(condicion), [DIAS_NO_ENTERADO, TOPE_NO_ENTERADOS, ...params])
}

/** How many they are, at most `TOPE_NO_ENTERADOS`. */
export async function contarNoEnterados(em: EntityManager, usuario: UsuarioActor): Promise<number> {
  const { sql: condicion, params } = alcance(usuario, 3)
  const row = await sqlOne<{ n: number }>(
    em,
    `with ${perdidos(condicion)} select count(*)::int as n from (select distinct peticion_id from perdido limit $2) one`,
    [DIAS_NO_ENTERADO, TOPE_NO_ENTERADOS, ...params],
  )
  return row?.n ?? 0
}

/** Notices and replies that stepped out of their line, and notices that were not even written because the person blocked us. */
const perdidos = (condicion: string) => `
suelto as (
  select coalesce(o.peticion_id, r.peticion_id) as peticion_id, m.id as message_id, 0::bigint as outbox_id, m.conversation_id, m.created_at as at, m.error,
         case m.status when 'waiting_window' then 'ventana' when 'ambiguous' then 'duda' else 'fallo' end as motivo
    from message m
    left join outbox o on o.id = m.outbox_id
    left join lateral (
      select v.peticion_id from conversation c join peticion q on q.address_id = c.address_id
        join movimiento v on v.peticion_id = q.id and v.verbo = 'responder' and v.datos->'mensajes' @> to_jsonb(m.id)
       where c.id = m.conversation_id and m.outbox_id is null limit 1) r on true
   where m.direction = 'out' and m.status in ('failed', 'ambiguous', 'waiting_window') and m.moved_to is null
     and m.created_at > now() - make_interval(days => $1)
  union all
  select o.peticion_id, 0, o.id, c.id, o.done_at, null, 'bloqueo'
    from address a
    join conversation c on c.address_id = a.id
    join peticion q on q.address_id = a.id
    join outbox o on o.peticion_id = q.id and o.kind = 'notificar' and o.status = 'skipped'
   where a.blocked_at is not null and a.avisos_baja_at is null
     and o.done_at >= a.blocked_at and o.done_at > now() - make_interval(days => $1)
),
perdido as (
  select s.* from suelto s join peticion p on p.id = s.peticion_id
   where not p.anonima and ${condicion}
     and not exists (select from avisado_aparte x
       where x.peticion_id = p.id and x.deshecho_at is null and s.message_id <= x.hasta_message and s.outbox_id <= x.hasta_outbox)
)`

const lista = (condicion: string) => `
with ${perdidos(condicion)},
uno as (
  select distinct on (peticion_id) *, count(*) over w::int as cuantos, min(at) over w as desde,
         max(message_id) over w as hasta_message, max(outbox_id) over w as hasta_outbox
    from perdido window w as (partition by peticion_id) order by peticion_id, at desc, message_id desc
)
select p.folio, p.asunto, p.estado, d.nombre as dependencia, p.reservada, p.nombre, coalesce(p.telefono, a.phone) as telefono,
       case when a.blocked_at is not null then 'bloqueo' else uno.motivo end as motivo, uno.error, a.channel, a.account,
       c.id as "conversationId", uno.desde, uno.at, uno.cuantos, uno.hasta_message as "hastaMessage", uno.hasta_outbox as "hastaOutbox",
       coalesce((select json_agg(json_build_object('id', c2.id, 'channel', b.channel) order by c2.id)
          from address b join conversation c2 on c2.address_id = b.id
         where b.ciudadano_id = p.ciudadano_id and b.id <> a.id and b.blocked_at is null and not p.reservada), '[]') as otros
  from uno
  join peticion p on p.id = uno.peticion_id
  join conversation c on c.id = uno.conversation_id
  join address a on a.id = c.address_id
  left join dependencia d on d.id = p.dependencia_id
 order by uno.desde, p.id limit $2`
