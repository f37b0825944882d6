import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { requerido } from '../peticion/rechazos.ts'

/** What a hold is on: one petition, the person who made it with everything of theirs, or the account it was made from. */
export const ALCANCES_DE_RETENCION = ['peticion', 'ciudadano', 'address'] as const
export type AlcanceDeRetencion = (typeof ALCANCES_DE_RETENCION)[number]

/** A hold that is or was in force. */
export interface RetencionLegal {
  id: number
  alcance: AlcanceDeRetencion
  /** Of the petition it is on; null for a person or an account. */
  folio: string | null
  objetoId: number
  motivo: string
  usuario: string
  at: Date
  levantadaAt: Date | null
  levantadaPor: string | null
  levantadaMotivo: string | null
}

/**
 * From now on nothing of it is blocked or erased, until it is lifted; in the transaction of `em`. Gives the hold's id; undefined when
 * the petition leads to no person or account.
 * @throws {DatoInvalido} without a reason.
 */
export async function retener(
  em: EntityManager,
  { peticionId, alcance }: { peticionId: number; alcance: AlcanceDeRetencion },
  quien: { usuarioId: number; motivo: string | undefined; ahora: Date },
): Promise<number | undefined> {
  const motivo = requerido(quien.motivo, 'motivo')
  const row = await sqlOne<{ id: number }>(
    em,
    `insert into retencion_legal (peticion_id, ciudadano_id, address_id, motivo, usuario_id, at)
     select case $2 when 'peticion' then p.id end, case $2 when 'ciudadano' then p.ciudadano_id end,
            case $2 when 'address' then p.address_id end, $3, $4, $5
       from peticion p where p.id = $1 and case $2 when 'ciudadano' then p.ciudadano_id when 'address' then p.address_id else p.id end is not null
     returning id`,
    [peticionId, alcance, motivo, quien.usuarioId, quien.ahora],
  )
  return row?.id
}

/** The rules of retention hold again; false when it was lifted already. @throws {DatoInvalido} without a reason. */
export async function levantar(
  em: EntityManager,
  id: number,
  quien: { usuarioId: number; motivo: string | undefined; ahora: Date },
): Promise<boolean> {
  const row = await sqlOne(
    em,
    `update retencion_legal set levantada_at = $2, levantada_por = $3, levantada_motivo = $4 where id = $1 and levantada_at is null returning 1`,
    [id, quien.ahora, quien.usuarioId, requerido(quien.motivo, 'motivo')],
  )
  return row !== undefined
}

/** All holds, those in force first. */
export const retenciones = (em: EntityManager): Promise<RetencionLegal[]> => sql(em, RETENCIONES)

const RETENCIONES = `
select r.id, case when r.peticion_id is not null then 'peticion' when r.ciudadano_id is not null then 'ciudadano' else 'address' end as alcance,
       case when not p.reservada then p.folio end as folio, coalesce(r.peticion_id, r.ciudadano_id, r.address_id) as "objetoId", r.motivo,
       u.nombre as usuario, r.at, r.levantada_at as "levantadaAt", v.nombre as "levantadaPor", r.levantada_motivo as "levantadaMotivo"
  from retencion_legal r join usuario u on u.id = r.usuario_id left join usuario v on v.id = r.levantada_por left join peticion p on p.id = r.peticion_id
 order by r.levantada_at is not null, r.id desc limit 200`
