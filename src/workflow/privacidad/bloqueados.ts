import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import { type Contenido, cajaDeBloqueo, lugarDeCaja } from './encerrar.ts'

/** What lies in one box. */
export interface Abierta {
  clase: string
  at: Date
  contenido: Contenido
}

/** Opens the boxes of a petition, for whom the law lets see what is blocked; whoever calls notes who, and why. @throws {UnreadableSecret} */
export async function abrirBloqueados(em: EntityManager, peticionId: number, secretKey: string): Promise<Abierta[]> {
  const rows = await sql<{ id: string; clase: string; at: Date; contenido: Buffer }>(
    em,
    'select id, clase, at, contenido from bloqueo where peticion_id = $1 order by at',
    [peticionId],
  )
  const caja = cajaDeBloqueo(secretKey)
  return rows.map(({ id, clase, at, contenido }) => ({
    clase,
    at,
    contenido: JSON.parse(caja.open(contenido, lugarDeCaja(id)).toString()),
  }))
}

/** How many boxes there are of each kind, and since when the oldest lies there. */
export const contarBloqueados = (em: EntityManager): Promise<{ clase: string; n: number; desde: Date }[]> =>
  sql(em, 'select clase, count(*)::int as n, min(at) as desde from bloqueo group by clase order by clase')

/** The latest records of erasures, together by day, kind and rule. */
export const constancias = (
  em: EntityManager,
  zona: string,
): Promise<{ dia: string; clase: string; regla: string; n: number; filas: number; archivos: number }[]> =>
  sql(
    em,
    `select (at at time zone $1)::date as dia, clase, regla, count(*)::int as n, sum(filas)::int as filas, sum(archivos)::int as archivos
       from borrado group by 1, 2, 3 order by 1 desc, 2 limit 100`,
    [zona],
  )
