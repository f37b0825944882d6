import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../runtime/sql.ts'
import { UAC } from './codigos.ts'
import type { Peticion } from './peticion.ts'
import { DatoInvalido } from './rechazos.ts'

/** Where a petition goes, and who of them works it. */
export interface Destino {
  dependenciaId: string
  enlaceId: number | null
  /** The dependencia it should have gone to, which has no enlace. */
  sinEnlace?: string
}

/** States in which a petition is somebody's work. */
const ABIERTOS = `('CANALIZADO', 'RECIBIDO', 'PROCESO')`

type Dirigible = Pick<Peticion, 'id' | 'categoria' | 'colonia'>

/**
 * By the first rule that fits its category and colonia, else by its category, never to a dependencia it accuses;
 * a dependencia without an enlace, or that no longer receives petitions, falls to the UAC.
 */
export async function destinoAutomatico(em: EntityManager, peticion: Dirigible): Promise<Destino> {
  const candidates = await sql<{ dependenciaId: string; usuarioId: number | null }>(em, CANDIDATOS, [
    peticion.id,
    peticion.categoria,
    peticion.colonia ?? null,
    UAC,
  ])
  const first = candidates[0]
  if (!first) throw new Error(`the category ${peticion.categoria} leads nowhere`)
  const { dependenciaId, usuarioId } = first
  const enlaceId = await enlaceDe(em, dependenciaId, usuarioId)
  if (enlaceId !== null || dependenciaId === UAC) return { dependenciaId, enlaceId }
  return { dependenciaId: UAC, enlaceId: await enlaceDe(em, UAC), sinEnlace: dependenciaId }
}

/**
 * Where the UAC sends it; without an enlace there, the UAC itself attends for it.
 * @throws {DatoInvalido} for a dependencia that receives no petitions or is accused in this one, and for an enlace of another.
 */
export async function destinoElegido(
  em: EntityManager,
  peticion: Dirigible,
  dependenciaId: string,
  enlace?: number,
): Promise<Destino> {
  const fits = await sqlOne(em, `select 1 from dependencia d where d.id = $2 and ${RECIBE} and ${NO_ACUSADA}`, [
    peticion.id,
    dependenciaId,
  ])
  if (!fits) throw new DatoInvalido('dependencia')
  const enlaceId = await enlaceDe(em, dependenciaId, enlace)
  if (enlace !== undefined && enlaceId !== enlace) throw new DatoInvalido('enlace')
  return enlaceId === null && dependenciaId !== UAC
    ? { dependenciaId, enlaceId, sinEnlace: dependenciaId }
    : { dependenciaId, enlaceId }
}

/** The preferred one when they are enlace there, else the one with the fewest open petitions; null when there is none. */
async function enlaceDe(
  em: EntityManager,
  dependenciaId: string,
  preferred: number | null = null,
): Promise<number | null> {
  const row = await sqlOne<{ id: number }>(
    em,
    `select u.id
       from usuario u
       cross join lateral (select count(*) as abiertas from peticion p where p.enlace_id = u.id and p.estado in ${ABIERTOS}) carga
      where u.dependencia_id = $1 and 'enlace' = any(u.roles) and u.disabled_at is null
      order by (u.id = $2) desc nulls last, carga.abiertas, u.id limit 1`,
    [dependenciaId, preferred],
  )
  return row?.id ?? null
}

const RECIBE = 'd.recibe_peticiones and d.retirada_at is null'

// Answers to the extra questions are free text; a dependencia is accused when its own name stands in the one about it.
const NO_ACUSADA = `not exists (
  select 1 from peticion p
   where p.id = $1 and sin_acentos(p.respuestas->>'dependencia') in (sin_acentos(d.nombre), sin_acentos(d.id)))`

const CANDIDATOS = `
with propuesta as (
  select r.dependencia_id, r.usuario_id, 0 as paso, r.orden, r.id
    from regla_canalizacion r
   where (r.categoria is null or r.categoria = $2) and (r.colonia is null or sin_acentos(r.colonia) = sin_acentos($3))
  union all
  select c.dependencia_id, null, 1, 0, 0 from categoria c where c.id = $2
  union all
  select $4, null, 2, 0, 0
)
select o.dependencia_id as "dependenciaId", o.usuario_id as "usuarioId"
  from propuesta o join dependencia d on d.id = o.dependencia_id
 where o.paso = 2 or (${RECIBE} and ${NO_ACUSADA})
 order by o.paso, o.orden, o.id limit 1`
