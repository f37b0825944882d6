import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { ATIENDEN, alcance, type Condicion } from '../permisos.ts'
import { anunciarAvisos } from './avisar.ts'
import type { Evento } from './eventos.ts'

/** A notice as the panel and the e-mails tell it. */
export interface Aviso {
  id: number
  evento: Evento
  at: Date
  leidoAt: Date | null
  /** null of a conversation or a channel. */
  folio: string | null
  /** null also of a reservada, of which no more than the folio is said. */
  asunto: string | null
  reservada: boolean
  conversationId: number | null
  /** As channel/account. */
  cuenta: string | null
  /** Who named them in a note. */
  de: string | null
}

/** More than so many are not counted. */
const TOPE_DE_AVISOS = 100

/** The notices whose object is in this user's reach now, over `aviso_personal v left join peticion p`; parameters from `$first` on. */
function alcanceDeAvisos(usuario: UsuarioActor, first: number): Condicion {
  const peticion = alcance(usuario, first)
  const next = first + peticion.params.length
  return {
    sql: `case when v.peticion_id is not null then ${peticion.sql} when v.conversation_id is not null then $${next} else $${next + 1} end`,
    params: [
      ...peticion.params,
      ATIENDEN.some((rol) => usuario.roles.includes(rol)),
      usuario.roles.includes('administrador'),
    ],
  }
}

/** How many this user has not read, at most `TOPE_DE_AVISOS`. */
export async function contarSinLeer(em: EntityManager, usuario: UsuarioActor): Promise<number> {
  const { sql: condicion, params } = alcanceDeAvisos(usuario, 3)
  const row = await sqlOne<{ n: number }>(
    em,
    `select count(*)::int as n from (
       select 1 from aviso_personal v left join peticion p on p.id = v.peticion_id
        where v.usuario_id = $1 and v.leido_at is null and ${condicion} limit $2) one`,
    [usuario.id, TOPE_DE_AVISOS, ...params],
  )
  return row?.n ?? 0
}

/** This user's notices, newest first; `ids` asks for some of them only. */
export function leerAvisos(
  em: EntityManager,
  usuario: UsuarioActor,
  { antes = null, limit = 50, ids = null }: { antes?: number | null; limit?: number; ids?: number[] | null } = {},
): Promise<Aviso[]> {
  const { sql: condicion, params } = alcanceDeAvisos(usuario, 5)
  return sql(
    em,
    `select v.id, v.evento, v.at, v.leido_at as "leidoAt", p.folio, case when not p.reservada then p.asunto end as asunto,
            coalesce(p.reservada, false) as reservada, v.conversation_id as "conversationId", v.cuenta,
            case when v.evento = 'mencion' then (select u.nombre from movimiento m join usuario u on u.id = m.usuario_id
              where m.id = substr(v.clave, 2)::bigint) end as de
       from aviso_personal v left join peticion p on p.id = v.peticion_id
      where v.usuario_id = $1 and ($2::bigint is null or v.id < $2) and ($4::bigint[] is null or v.id = any($4)) and ${condicion}
      order by v.id desc limit $3`,
    [usuario.id, antes, limit, ids, ...params],
  )
}

/** Which notices were read: one, all those of a petition or a conversation, or all up to one. */
export type Leidos = { id: number } | { peticionId: number } | { conversationId: number } | { hasta: number }

const CUALES = {
  id: 'id = $3',
  peticionId: 'peticion_id = $3',
  conversationId: 'conversation_id = $3',
  hasta: 'id <= $3',
}

/** This user read them; gives how many were not read before. */
export async function marcarLeidos(em: EntityManager, usuarioId: number, leidos: Leidos, ahora: Date): Promise<number> {
  const [cual, valor] = Object.entries(leidos)[0] ?? []
  const condicion = Object.entries(CUALES).find(([name]) => name === cual)?.[1] ?? 'false'
  const rows = await sql(
    em,
    `update aviso_personal set leido_at = $2 where usuario_id = $1 and leido_at is null and ${condicion} returning id`,
    [usuarioId, ahora, valor],
  )
  if (rows.length > 0) await anunciarAvisos(em, usuarioId)
  return rows.length
}
