import type { EntityManager } from '@mikro-orm/postgresql'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { ABIERTA, condicionesDe, type Filtro, type Marco } from '../../workflow/peticion/filtro.ts'

/** A petition on the map. */
export interface Punto {
  folio: string
  asunto: string
  estado: Estado
  colonia: string | null
  latitud: number
  longitud: number
  vencida: boolean
}

/** More would be one blot, and slow on a phone. */
const TOPE_DE_PUNTOS = 1_000

/** The newest petitions of a filter that say where they are; what is reservada lies on no map. */
export async function puntosDe(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  marco: Marco,
): Promise<{ puntos: Punto[]; hayMas: boolean }> {
  const { partes, params, param } = condicionesDe(actor, filtro, marco)
  const hoy = param(marco.hoy)
  const puntos = await sql<Punto>(
    em,
    `select p.folio, p.asunto, p.estado, p.colonia, p.latitud, p.longitud,
            ${ABIERTA} and p.vence_el < ${hoy}::date as vencida
       from peticion p
      where ${partes.join(' and ')} and p.latitud is not null and p.longitud is not null and not p.reservada
      order by ${filtro.desde || filtro.hasta ? 'p.registrada_at desc' : 'p.id desc'} limit ${param(TOPE_DE_PUNTOS + 1)}`,
    params,
  )
  return { puntos: puntos.slice(0, TOPE_DE_PUNTOS), hayMas: puntos.length > TOPE_DE_PUNTOS }
}
