import type { EntityManager } from '@mikro-orm/postgresql'
import { storableJson } from '../../runtime/json.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { alcanza } from '../permisos.ts'
import { momento } from '../peticion/momento.ts'
import { anunciar, type Contexto } from '../peticion/paso.ts'
import { Peticion } from '../peticion/peticion.ts'
import type { Antes } from './hacer-una.ts'
import type { Lote } from './lote.ts'

interface Hecha {
  peticionId: number
  movimientoId: number
  antes: Antes
}

/** Why it could not be taken back: already told, changed since by somebody, out of reach. */
type Vuelta = 'hecha' | 'avisada' | 'conflicto' | 'fuera'

/**
 * Takes back what the lot did to one more petition, in the transaction of `em`: its state and whose it is are what they were, its
 * notice is never written, a note is withdrawn. The history keeps both. undefined when none is left.
 */
export async function deshacerSiguiente(
  em: EntityManager,
  lote: Lote,
  actor: UsuarioActor,
  ctx: Contexto,
): Promise<number | undefined> {
  const hecha = await sqlOne<Hecha>(em, SIGUIENTE, [lote.id])
  if (!hecha) return undefined
  const vuelta = await deshacer(em, lote, hecha, actor, ctx)
  await sql(em, 'update lote_peticion set vuelta = $3 where lote_id = $1 and peticion_id = $2', [
    lote.id,
    hecha.peticionId,
    vuelta,
  ])
  return hecha.peticionId
}

async function deshacer(
  em: EntityManager,
  { verbo }: Lote,
  { peticionId, movimientoId, antes }: Hecha,
  actor: UsuarioActor,
  ctx: Contexto,
): Promise<Vuelta> {
  await sql(em, 'select 1 from peticion where id = $1 for no key update', [peticionId])
  const peticion = await em.findOneOrFail(Peticion, { id: peticionId }, { disableIdentityMap: true })
  if (!alcanza(actor, peticion)) return 'fuera'
  if (verbo !== 'anotar' && peticion.version !== antes.version) return 'conflicto'
  // Whoever writes the notice holds its row: what they began is awaited, and then it is told.
  const notices = await sql<{ status: string }>(em, 'select status from outbox where movimiento_id = $1 for update', [
    movimientoId,
  ])
  if (notices.some(({ status }) => status !== 'pending')) return 'avisada'
  const at = momento(ctx.ahora, peticion.anonima)
  await sql(em, `update outbox set status = 'skipped', done_at = $2 where movimiento_id = $1`, [movimientoId, at])
  await sql(em, 'delete from mencion where movimiento_id = $1', [movimientoId])
  const a = verbo === 'anotar' ? peticion.estado : antes.estado
  if (verbo !== 'anotar') await sql(em, REPONER, [peticionId, antes.estado, antes, at])
  await sql(em, ANOTAR, [
    peticionId,
    at,
    peticion.estado,
    a,
    actor.id,
    storableJson({ deshace: movimientoId, ...(verbo === 'anotar' ? {} : { dependencia: antes.dependencia_id }) }),
  ])
  const now = await em.findOneOrFail(Peticion, { id: peticionId }, { disableIdentityMap: true })
  await anunciar(em, now, verbo, peticion.dependenciaId)
  return 'hecha'
}

const SIGUIENTE = `
select peticion_id as "peticionId", movimiento_id as "movimientoId", antes from lote_peticion
 where lote_id = $1 and resultado = 'hecha' and vuelta is null order by peticion_id limit 1 for update skip locked`

const REPONER = `
update peticion set estado = $2, version = version + 1, actualizada_at = $4,
       dependencia_id = x.dependencia_id, enlace_id = x.enlace_id, canalizada_at = x.canalizada_at, validada_at = x.validada_at
  from jsonb_to_record($3::jsonb) x(dependencia_id text, enlace_id bigint, canalizada_at timestamptz, validada_at timestamptz)
 where id = $1`

const ANOTAR = `
insert into movimiento (peticion_id, at, verbo, de, a, actor, usuario_id, datos)
values ($1, $2, 'deshacer', $3, $4, 'usuario', $5, $6)`
