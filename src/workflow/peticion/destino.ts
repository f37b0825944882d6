import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { nombraA } from '../catalogo/acusada.ts'
import { UAC } from '../catalogo/codigos.ts'
import type { Peticion } from './peticion.ts'
import { DatoInvalido } from './rechazos.ts'

/** Where a petition goes, and who of them works it. */
export interface Destino {
  dependenciaId: string
  enlaceId: number | null
  /** The dependencia it should have gone to, which has no enlace. */
  sinEnlace?: string
}

type Dirigible = Pick<Peticion, 'categoria' | 'colonia' | 'respuestas' | 'reservada'>

interface Candidata {
  id: string
  nombre: string
  usuarioId: number | null
}

/**
 * By the first rule that fits its category and colonia, else by its category, never to a dependencia it accuses;
 * a dependencia without an enlace, or that no longer receives petitions, falls to the UAC.
 */
export async function destinoAutomatico(em: EntityManager, peticion: Dirigible): Promise<Destino> {
  const candidatas = await sql<Candidata>(em, CANDIDATAS, [peticion.categoria, peticion.colonia ?? null])
  const { id, usuarioId } = candidatas.find((una) => !acusa(peticion, una)) ?? { id: UAC, usuarioId: null }
  const enlaceId = await enlaceDe(em, id, usuarioId)
  if (enlaceId !== null || id === UAC) return { dependenciaId: id, enlaceId }
  return { dependenciaId: UAC, enlaceId: await enlaceDe(em, UAC), sinEnlace: id }
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
  const elegida = await sqlOne<Candidata>(em, `select id, nombre from dependencia d where id = $1 and ${RECIBE}`, [
    dependenciaId,
  ])
  if (!elegida || acusa(peticion, elegida)) throw new DatoInvalido('dependencia')
  const enlaceId = await enlaceDe(em, dependenciaId, enlace)
  if (enlace !== undefined && enlaceId !== enlace) throw new DatoInvalido('enlace')
  const atiende = { dependenciaId, enlaceId }
  return enlaceId === null && dependenciaId !== UAC ? { ...atiende, sinEnlace: dependenciaId } : atiende
}

/** Id of the question by which a complaint names an area, as config/catalogo.yaml says beside it. */
export const PREGUNTA_DE_AREA = 'dependencia'

/** The UAC is never left out: somebody must read it. */
function acusa({ reservada, respuestas }: Dirigible, dependencia: { id: string; nombre: string }): boolean {
  const area = respuestas[PREGUNTA_DE_AREA]
  return reservada && area !== undefined && dependencia.id !== UAC && nombraA(area, dependencia)
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
       cross join lateral (
         select count(*) as abiertas from peticion p
          where p.enlace_id = u.id and p.estado in ('CANALIZADO', 'RECIBIDO', 'PROCESO')) carga
      where u.dependencia_id = $1 and 'enlace' = any(u.roles) and u.disabled_at is null
      order by (u.id = $2) desc nulls last, carga.abiertas, u.id limit 1`,
    [dependenciaId, preferred],
  )
  return row?.id ?? null
}

const RECIBE = 'd.recibe_peticiones and d.retirada_at is null'

const CANDIDATAS = `
with propuesta as (
  select r.dependencia_id, r.usuario_id, 0 as paso, r.orden, r.id
    from regla_canalizacion r
   where (r.categoria is null or r.categoria = $1) and (r.colonia is null or sin_acentos(r.colonia) = sin_acentos($2))
  union all
  select c.dependencia_id, null, 1, 0, 0 from categoria c where c.id = $1
)
select d.id, d.nombre, o.usuario_id as "usuarioId"
  from propuesta o join dependencia d on d.id = o.dependencia_id
 where ${RECIBE}
 order by o.paso, o.orden, o.id`
