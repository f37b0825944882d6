import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { type Alcanzable, alcance, alcanza } from '../permisos.ts'
import { FueraDeAlcance } from '../peticion/rechazos.ts'

/** What somebody told the citizen of: all that had not reached them up to there. */
export interface Avisado {
  nota: string
  hastaMessage: number
  hastaOutbox: number
}

/** A petition whose citizen was told in another way. */
export interface AvisadoAparte {
  folio: string
  asunto: string
  de: string
  nota: string | null
  at: Date
}

/** Days in which the mark can be taken back. */
const DIAS_PARA_DESHACER = 7

type Peticion = Alcanzable & { id: number; estado: string }

/**
 * Writes into the history that the citizen was told by telephone or in person; the tray no longer asks for it.
 * @throws {FueraDeAlcance} when the petition is not there for this user.
 */
export async function avisarAparte(
  em: EntityManager,
  folio: string,
  usuario: UsuarioActor,
  { nota, hastaMessage, hastaOutbox }: Avisado,
  ahora: Date,
): Promise<void> {
  const peticion = await bloquear(em, folio, usuario)
  const movimientoId = await escribir(em, peticion, usuario, { verbo: 'avisar_aparte', nota }, ahora)
  await sql(
    em,
    `insert into avisado_aparte (peticion_id, movimiento_id, usuario_id, hasta_message, hasta_outbox, at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (peticion_id) where deshecho_at is null do update
       set movimiento_id = excluded.movimiento_id, usuario_id = excluded.usuario_id, at = excluded.at,
           hasta_message = greatest(avisado_aparte.hasta_message, excluded.hasta_message),
           hasta_outbox = greatest(avisado_aparte.hasta_outbox, excluded.hasta_outbox)`,
    [peticion.id, movimientoId, usuario.id, hastaMessage, hastaOutbox, ahora],
  )
}

/**
 * Takes the mark back, and says so in the history; false when there is none any more.
 * @throws {FueraDeAlcance} when the petition is not there for this user.
 */
export async function deshacerAvisado(
  em: EntityManager,
  folio: string,
  usuario: UsuarioActor,
  ahora: Date,
): Promise<boolean> {
  const peticion = await bloquear(em, folio, usuario)
  const row = await sqlOne(
    em,
    'update avisado_aparte set deshecho_at = $2 where peticion_id = $1 and deshecho_at is null returning id',
    [peticion.id, ahora],
  )
  if (row) await escribir(em, peticion, usuario, { verbo: 'deshacer_aviso', nota: null }, ahora)
  return row !== undefined
}

/** Those marked of late within this user's reach, newest first. */
export function leerAvisados(em: EntityManager, usuario: UsuarioActor, ahora: Date): Promise<AvisadoAparte[]> {
  const { sql: condicion, params } = alcance(usuario, 3)
  return sql(
    em,
    `select p.folio, p.asunto, u.nombre as de, m.nota, x.at
       from avisado_aparte x join peticion p on p.id = x.peticion_id join usuario u on u.id = x.usuario_id
       join movimiento m on m.id = x.movimiento_id
      where x.deshecho_at is null and x.at > $1::timestamptz - make_interval(days => $2) and ${condicion}
      order by x.at desc limit 20`,
    [ahora, DIAS_PARA_DESHACER, ...params],
  )
}

async function bloquear(em: EntityManager, folio: string, usuario: UsuarioActor): Promise<Peticion> {
  const peticion = await sqlOne<Peticion>(
    em,
    `select id, estado, dependencia_id as "dependenciaId", medio, capturada_por as "capturadaPor", reservada
       from peticion where folio = $1 for no key update`,
    [folio],
  )
  if (!peticion || !alcanza(usuario, peticion)) throw new FueraDeAlcance()
  return peticion
}

/** Not a line of the table of transitions: whoever sees the petition may call its citizen, and its state stays. */
async function escribir(
  em: EntityManager,
  { id, estado, dependenciaId, medio, capturadaPor, reservada }: Peticion,
  usuario: UsuarioActor,
  { verbo, nota }: { verbo: string; nota: string | null },
  ahora: Date,
): Promise<number> {
  const row = await sqlOne<{ id: number }>(
    em,
    `insert into movimiento (peticion_id, at, verbo, de, a, actor, usuario_id, nota) values ($1, $2, $3, $4, $4, 'usuario', $5, $6) returning id`,
    [id, ahora, verbo, estado, usuario.id, nota],
  )
  await publish(em, {
    topic: 'peticion',
    id,
    verbo,
    estado,
    dependenciaId: dependenciaId ?? null,
    medio,
    capturadaPor: capturadaPor ?? null,
    reservada,
    antes: null,
  })
  return row?.id ?? 0
}
