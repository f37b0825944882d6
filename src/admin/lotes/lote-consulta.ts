import type { EntityManager } from '@mikro-orm/postgresql'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { TOPE_DE_LOTE, VERBOS_EN_BLOQUE, type VerboEnBloque } from '../../workflow/lotes/lote.ts'
import { type Alcanzable, alcance, transicionPermitida } from '../../workflow/permisos.ts'
import { buscarPeticiones, type Orden } from '../../workflow/peticion/buscar.ts'
import type { Filtro, Marco } from '../../workflow/peticion/filtro.ts'

/** A petition that was chosen, as it is now. */
export interface Elegible extends Alcanzable {
  id: number
  folio: string
  asunto: string
  estado: Estado
  version: number
}

/** A verb that fits some of those chosen, and how many. */
export interface Oferta {
  verbo: VerboEnBloque
  cuantas: number
}

/** Those of `ids` within this user's reach, in the order of their receipt. */
export function elegiblesDe(em: EntityManager, actor: UsuarioActor, ids: readonly number[]): Promise<Elegible[]> {
  const { sql: condicion, params } = alcance(actor, 2)
  return sql(
    em,
    `select p.id, p.folio, p.asunto, p.estado, p.version, p.dependencia_id as "dependenciaId", p.medio,
            p.capturada_por as "capturadaPor", p.reservada, p.valoracion
       from peticion p where p.id = any($1) and ${condicion} order by p.id`,
    [ids, ...params],
  )
}

/** Ids of the first of a filter, in the order of the tray; `hayMas` when that is not all. */
export async function primerasDe(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  marco: Marco,
  orden: Orden | undefined,
): Promise<{ ids: number[]; hayMas: boolean }> {
  const { peticiones, siguiente } = await buscarPeticiones(em, actor, filtro, marco, { orden, limite: TOPE_DE_LOTE })
  return { ids: peticiones.map(({ id }) => id), hayMas: siguiente !== null }
}

/** What this user may do to some of them. */
export function ofertasDe(actor: UsuarioActor, elegibles: readonly Elegible[]): Oferta[] {
  return VERBOS_EN_BLOQUE.map((verbo) => ({
    verbo,
    cuantas: elegibles.filter((one) => transicionPermitida(actor, one, verbo)).length,
  })).filter(({ cuantas }) => cuantas > 0)
}

/** An enlace, by dependencia. */
export interface EnlaceElegible {
  id: number
  nombre: string
  dependenciaId: string
  dependencia: string
}

/** Where petitions may be sent, and who may be given them. */
export async function destinosDeLote(
  em: EntityManager,
): Promise<{ dependencias: { id: string; nombre: string }[]; enlaces: EnlaceElegible[] }> {
  const [dependencias, enlaces] = await Promise.all([
    sql<{ id: string; nombre: string }>(
      em,
      'select id, nombre from dependencia where recibe_peticiones and retirada_at is null order by sin_acentos(nombre)',
    ),
    sql<EnlaceElegible>(
      em,
      `select u.id, u.nombre, d.id as "dependenciaId", d.nombre as dependencia
         from usuario u join dependencia d on d.id = u.dependencia_id
        where 'enlace' = any(u.roles) and u.disabled_at is null and d.recibe_peticiones and d.retirada_at is null
        order by sin_acentos(d.nombre), sin_acentos(u.nombre)`,
    ),
  ])
  return { dependencias, enlaces }
}
