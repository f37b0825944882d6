import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import { diaDe, diasInhabiles } from '../peticion/plazo.ts'
import type { Municipio } from './municipio.ts'

/** How far ahead a term may reach, in years. */
const ALCANCE = 3

/**
 * The days off that matter around `now`, as ISO dates: the law's, those of config/municipio.yaml, and those staff keep
 * in the table `dia_inhabil`.
 */
export async function diasInhabilesDe(em: EntityManager, municipio: Municipio, now: Date): Promise<Set<string>> {
  const rows = await sql<{ fecha: string }>(em, `select to_char(fecha, 'YYYY-MM-DD') as fecha from dia_inhabil`)
  const propios = [...municipio.dias_inhabiles, ...rows].map((day) => day.fecha)
  const year = Number(diaDe(now, municipio.zona_horaria).slice(0, 4))
  return diasInhabiles(year - ALCANCE, year + ALCANCE, propios, municipio.periodos_inhabiles)
}
