import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { CONSTANCIA } from './borrar.ts'
import { porRegla } from './encerrar.ts'

/** Rows that go by age alone: no object of a citizen's leads to them, and they may hold a name that somebody typed. */
export interface Edad {
  clase: string
  meses: keyof Pick<Municipio['retencion'], 'registros_meses' | 'bitacora_meses'>
  /** SQL over the row `t` of `tabla`; `$1` is the moment before which it must have been made. */
  tabla: string
  donde: string
  /** What is emptied; without it the row goes. */
  vacia?: string
}

/** All of them. */
export const EDADES: readonly Edad[] = [
  { clase: 'exportacion', meses: 'registros_meses', tabla: 'exportacion', donde: 't.created_at < $1' },
  {
    clase: 'filtro_guardado',
    meses: 'registros_meses',
    tabla: 'filtro_guardado',
    donde: `t.created_at < $1 and t.consulta ~ '(^|&)q='`,
  },
  {
    clase: 'lote',
    meses: 'registros_meses',
    tabla: 'lote',
    donde: `t.created_at < $1 and not exists (select from lote_peticion l where l.lote_id = t.id and l.resultado is null)`,
  },
  {
    clase: 'vistazo',
    meses: 'registros_meses',
    tabla: 'vistazo',
    donde: 't.at < $1 and t.filtro is not null',
    vacia: 'filtro = null',
  },
  {
    clase: 'descarte',
    meses: 'bitacora_meses',
    tabla: 'descarte',
    donde: `t.at < $1 and t.motivo <> ''`,
    vacia: `motivo = ''`,
  },
  {
    clase: 'retencion_legal',
    meses: 'bitacora_meses',
    tabla: 'retencion_legal',
    donde: `t.levantada_at < $1 and t.motivo <> ''`,
    vacia: `motivo = '', levantada_motivo = null`,
  },
]

/** As many of a kind as go in one transaction. */
const DE_UNA_VEZ = 1000

/** Rows of this kind that are due. */
export async function contarPorEdad(em: EntityManager, { tabla, donde }: Edad, corte: Date): Promise<number> {
  const row = await sqlOne<{ n: number }>(em, `select count(*)::int as n from ${tabla} t where ${donde}`, [corte])
  return row?.n ?? 0
}

/** Erases what is due of this kind, a thousand rows at most, and leaves a record; gives their number. */
export function borrarPorEdad(em: EntityManager, edad: Edad, corte: Date, ahora: Date): Promise<number> {
  const { clase, tabla, donde, vacia } = edad
  const cuales = `t.ctid in (select t.ctid from ${tabla} t where ${donde} limit ${DE_UNA_VEZ})`
  return em.transactional(async (tx) => {
    await porRegla(tx)
    const verbo = vacia ? `update ${tabla} t set ${vacia}` : `delete from ${tabla} t`
    const row = await sqlOne<{ n: number }>(
      tx,
      `with ido as (${verbo} where ${cuales} returning 1) select count(*)::int as n from ido`,
      [corte],
    )
    const n = row?.n ?? 0
    if (n > 0) await sqlOne(tx, CONSTANCIA, [ahora, clase, 'retencion', n, 0, null, null])
    return n
  })
}
