import type { EntityManager } from '@mikro-orm/postgresql'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import { sqlOne } from '../../runtime/sql.ts'
import type { Fate } from './fates.ts'
import type { Vecino } from './plan.ts'
import type { Asunto } from './pueblo.ts'
import type { Talks } from './talks.ts'

/** A petition on its way through the town hall. */
export interface Vida {
  id: number
  folio: string
  categoria: string
  estado: Estado
  dependenciaId: string | null
  enlaceId: number | null
  plazoDias: number
  /** Where its citizen is written to; null for one who has no address. */
  conversationId: number | null
  /** Outbox rows that wait. */
  owed: number[]
  asunto: Asunto
  fate: Fate
  /** Who wrote, when it came by a chat and is not anonymous. */
  vecino: Vecino | undefined
  talks: Talks
  /** True the first time it is asked of a thing. */
  once(what: string): boolean
}

type Fila = Pick<
  Vida,
  'folio' | 'categoria' | 'estado' | 'dependenciaId' | 'enlaceId' | 'plazoDias' | 'conversationId' | 'owed'
>

/** The petition as its row says. */
export async function born(
  em: EntityManager,
  id: number,
  rest: Pick<Vida, 'asunto' | 'fate' | 'vecino' | 'talks'>,
): Promise<Vida> {
  const done = new Set<string>()
  const once = (what: string) => !done.has(what) && done.add(what).has(what)
  return { id, ...(await read(em, id)), ...rest, once }
}

/** Reads its row again after a step. */
export async function refresh(em: EntityManager, vida: Vida): Promise<void> {
  Object.assign(vida, await read(em, vida.id))
}

async function read(em: EntityManager, id: number): Promise<Fila> {
  const row = await sqlOne<Fila>(
    em,
    `select p.folio, p.categoria, p.estado, p.dependencia_id as "dependenciaId", p.enlace_id as "enlaceId", p.plazo_dias as "plazoDias",
            (select c.id from conversation c where c.address_id = p.address_id) as "conversationId",
            array(select o.id from outbox o where o.peticion_id = p.id and o.status = 'pending' order by o.id) as owed
       from peticion p where p.id = $1`,
    [id],
  )
  if (!row) throw new Error(`petition ${id} is gone`)
  return row
}
