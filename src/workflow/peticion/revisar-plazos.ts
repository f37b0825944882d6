import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import { ABIERTA } from './filtro.ts'
import { diaDe } from './plazo.ts'

/**
 * Notes in the history of each open petition, once, that its plazo ended; run again it finds none left.
 * @returns how many became overdue.
 */
export async function revisarPlazos(em: EntityManager, now: Date): Promise<number> {
  const rows = await sql(em, VENCIDAS, [diaDe(now), now])
  return rows.length
}

const VENCIDAS = `
insert into movimiento (peticion_id, at, verbo, de, a, actor, datos)
select p.id, $2, 'vencer', p.estado, p.estado, 'sistema', jsonb_build_object('vence_el', p.vence_el)
  from peticion p
 where ${ABIERTA} and p.vence_el < $1
   and not exists (select from movimiento m where m.peticion_id = p.id and m.verbo = 'vencer' and (m.datos->>'vence_el')::date = p.vence_el)
returning id`
