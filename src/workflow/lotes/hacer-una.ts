import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import type { Contexto, Movido } from '../peticion/paso.ts'
import { anotar } from '../peticion/verbos/anotar.ts'
import { canalizar, recanalizar } from '../peticion/verbos/canalizar.ts'
import { recibir } from '../peticion/verbos/recibir.ts'
import { validar } from '../peticion/verbos/validar.ts'
import type { DatosDeLote, Lote, VerboEnBloque } from './lote.ts'

type Hacer = (
  em: EntityManager,
  id: number,
  actor: UsuarioActor,
  datos: DatosDeLote & { version: number },
  ctx: Contexto,
) => Promise<Movido>

const HACER: Record<VerboEnBloque, Hacer> = {
  recibir,
  canalizar,
  recanalizar: (em, id, actor, { dependencia = '', motivo = '', ...datos }, ctx) =>
    recanalizar(em, id, actor, { ...datos, dependencia, motivo }, ctx),
  validar,
  anotar: (em, id, actor, { nota = '' }, ctx) => anotar(em, id, actor, { nota }, ctx),
}

/** What the verbs of a lot replace, to be put back. */
export interface Antes {
  estado: string
  dependencia_id: string | null
  enlace_id: number | null
  canalizada_at: string | null
  validada_at: string | null
  /** Of the petition after the verb. */
  version: number
}

/** Seconds after the time to take it back in which taking it back may still be under way. */
const HOLGURA = 60

/**
 * Does the verb to the next petition of the lot that waits, in the transaction of `em`; undefined when none waits.
 * Notices wait until the act can no longer be taken back. @throws {Rechazo} as the verb; its petition is `intento.peticionId`.
 */
export async function hacerSiguiente(
  em: EntityManager,
  lote: Lote,
  actor: UsuarioActor,
  ctx: Contexto,
  intento: { peticionId?: number },
): Promise<number | undefined> {
  const next = await sqlOne<{ peticionId: number; version: number }>(em, SIGUIENTE, [lote.id])
  if (!next) return undefined
  const { peticionId, version } = next
  intento.peticionId = peticionId
  const antes = await sqlOne<Antes>(em, ANTES, [peticionId])
  const movido = await HACER[lote.verbo](em, peticionId, actor, { ...lote.datos, version }, ctx)
  await sql(em, 'update outbox set due_at = $2::timestamptz + make_interval(secs => $3) where id = any($1)', [
    movido.outbox,
    lote.deshacerHasta,
    HOLGURA,
  ])
  await sql(
    em,
    `update lote_peticion set resultado = 'hecha', movimiento_id = $3, antes = $4 where lote_id = $1 and peticion_id = $2`,
    [lote.id, peticionId, movido.movimientoId, JSON.stringify({ ...antes, version: movido.version })],
  )
  return peticionId
}

const SIGUIENTE = `
select i.peticion_id as "peticionId", i.version from lote_peticion i join lote l on l.id = i.lote_id
 where i.lote_id = $1 and i.resultado is null and l.deshecho_at is null order by i.peticion_id limit 1 for update of i skip locked`

const ANTES = `
select estado, dependencia_id, enlace_id, canalizada_at::text, validada_at::text from peticion where id = $1 for no key update`
