import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcancePorDependencia } from '../../workflow/permisos.ts'
import type { Periodo } from './tablero-periodo.ts'

/** What people asked that is not the municipality's, by subject. */
export interface Orientaciones {
  nombre: string
  n: number
  /** In the period before. */
  antes: number
}

/** Counts by subject, for whoever sees the whole town: these belong to no dependencia. Nobody knows who asked. */
export async function orientacionesDe(
  em: EntityManager,
  actor: UsuarioActor,
  { del, al }: Periodo,
  anterior: Periodo,
  zona: string,
): Promise<Orientaciones[]> {
  if (alcancePorDependencia(actor)?.libres !== 'todas') return []
  return sql(
    em,
    `select c.nombre, count(*) filter (where dia between $1::date and $2::date) as n,
            count(*) filter (where dia between $3::date and $4::date) as antes
       from (select categoria_id, (at at time zone $5)::date as dia from orientacion
              where at >= $3::date::timestamp at time zone $5 and at < ($2::date + 1)::timestamp at time zone $5) o
       join categoria c on c.id = o.categoria_id group by c.id, c.nombre order by 2 desc, 3 desc, c.nombre`,
    [del, al, anterior.del, anterior.al, zona],
  )
}
