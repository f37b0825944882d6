import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'

/** Minutes without looking after which the next look is another visit. */
const OTRA_VISITA = 30

/** What a tray knows of its reader. */
export interface Vistazo {
  /** When they looked last, before this visit; null the first time. */
  antes: Date | null
  /** The last filter they used, as an address says it; never with the words of a search. */
  filtro: string | null
}

/** Notes that this user looks at their tray now, and with which filter, where there is one. */
export async function mirar(em: EntityManager, usuarioId: number, now: Date, filtro: string | null): Promise<Vistazo> {
  const row = await sqlOne<Vistazo>(
    em,
    `insert into vistazo as v (usuario_id, at, filtro) values ($1, $2, $3)
     on conflict (usuario_id) do update
        set antes = case when v.at < $2::timestamptz - make_interval(mins => $4) then v.at else v.antes end,
            at = $2, filtro = coalesce($3, v.filtro)
     returning antes, filtro`,
    [usuarioId, now, filtro, OTRA_VISITA],
  )
  return row ?? { antes: null, filtro: null }
}
