import type { EntityManager } from '@mikro-orm/postgresql'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import { sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcance } from '../../workflow/permisos.ts'
import { type Orden, TOPE } from '../../workflow/peticion/buscar.ts'
import { POR_VALORAR } from '../../workflow/peticion/filtro.ts'

/** A drawer of the tray: one state of the path, or those at its side. */
export const CAJONES = ['REGISTRADO', 'CANALIZADO', 'RECIBIDO', 'PROCESO', 'CONCLUIDO', 'VALIDADO', 'otros'] as const
export type Cajon = (typeof CAJONES)[number]

/** A tab: a drawer with its count. */
export interface Pestana {
  cajon: Cajon
  total: number
  aqui: boolean
}

type Cuentas = Record<Estado, number>

/** The states that lie in a drawer. */
export const estadosDe = (cajon: Cajon): readonly Estado[] => (cajon === 'otros' ? ['ORIENTADA', 'CANCELADO'] : [cajon])

const totalDe = (cajon: Cajon, cuentas: Cuentas) => estadosDe(cajon).reduce((sum, estado) => sum + cuentas[estado], 0)

/** What should be done next stands first: what is due first, what waits longest for validation; elsewhere the newest. */
export const ordenDe = (cajon: Cajon): Orden => {
  if (cajon === 'CONCLUIDO') return 'antiguas'
  return cajon === 'VALIDADO' || cajon === 'otros' ? 'recientes' : 'vencen'
}

/** What is yet to be directed and what went aside is the UAC's; the others see those drawers only when they hold something. */
export function pestanasDe({ roles }: UsuarioActor, cuentas: Cuentas, abierto: Cajon | undefined): Pestana[] {
  return CAJONES.map((cajon) => ({ cajon, total: totalDe(cajon, cuentas), aqui: cajon === abierto })).filter(
    ({ cajon, total, aqui }) =>
      (cajon !== 'REGISTRADO' && cajon !== 'otros') || total > 0 || aqui || roles.includes('validador'),
  )
}

/** Where this user's work is: the first drawer that holds any. */
export function primerCajon({ roles }: UsuarioActor, cuentas: Cuentas): Cajon {
  const delValidador: Cajon[] = ['REGISTRADO', 'CONCLUIDO', 'CANALIZADO', 'RECIBIDO', 'PROCESO']
  const delEnlace: Cajon[] = ['CANALIZADO', 'RECIBIDO', 'PROCESO', 'CONCLUIDO', 'REGISTRADO']
  const orden = roles.includes('validador') ? delValidador : delEnlace
  return orden.find((cajon) => totalDe(cajon, cuentas) > 0) ?? 'CANALIZADO'
}

/** How many wait for their valoración, told to whoever values them all; 0 for the others. */
export async function contarPorValorar(em: EntityManager, actor: UsuarioActor): Promise<number> {
  if (!actor.roles.includes('validador')) return 0
  const row = await sqlOne<{ n: number }>(em, `select count(*)::int as n from peticion p where ${POR_VALORAR}`)
  return row?.n ?? 0
}

/** How much a page has seen: when it was made, and the newest petition of then. */
export interface Visto {
  at: Date
  id: number
}

/** How many petitions in reach came or changed after what was seen; at most `TOPE`. */
export async function contarNovedades(em: EntityManager, actor: UsuarioActor, visto: Visto): Promise<number> {
  const { sql: condicion, params } = alcance(actor, 4)
  // The times of an anonymous one are cut to the hour: a new one is known by its id.
  const row = await sqlOne<{ total: number }>(
    em,
    `select count(*) as total from (
       (select p.id from peticion p where p.actualizada_at > $1 and ${condicion} limit $3)
       union (select p.id from peticion p where p.id > $2 and ${condicion} limit $3)) x`,
    [visto.at, visto.id, TOPE, ...params],
  )
  return Math.min(row?.total ?? 0, TOPE)
}

/** The newest petition there is. */
export async function ultimaPeticion(em: EntityManager): Promise<number> {
  return (await sqlOne<{ id: number }>(em, 'select coalesce(max(id), 0) as id from peticion'))?.id ?? 0
}
