import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** By which rule a column loses what it says of a person; each is explained at the top of columnas.yaml. */
export type Regla = z.infer<typeof regla>

const regla = z.enum([
  'no',
  'nulo',
  'vacio',
  'objeto',
  'lista',
  'arreglo',
  'ficha',
  'codigos',
  'archivo',
  'derivada',
  'fila',
  'plazo',
  'corto',
  'caja',
  'personal',
])

/** Every column of every table with its rule: table → column → rule. */
export const COLUMNAS: Readonly<Record<string, Readonly<Record<string, Regla>>>> = z
  .record(z.string(), z.record(z.string(), regla))
  .parse(parse(readFileSync(new URL('./columnas.yaml', import.meta.url), 'utf8')))

/** Keys of a movimiento's `datos` that the statistics and the plazos need; none tells of a person. */
const CODIGOS = ['medio', 'dependencia', 'desde', 'resuelto', 'vence_el', 'accion']

/** What takes the place of what was there; SQL over the row `t`. */
const VACIO: Partial<Record<Regla, (columna: string) => string>> = {
  nulo: () => 'null',
  vacio: () => `''`,
  objeto: () => `'{}'::jsonb`,
  lista: () => `'[]'::jsonb`,
  arreglo: () => `'{}'`,
  ficha: () => `'borrado:' || t.id`,
  archivo: () => `'bloqueado'`,
  codigos: (columna) =>
    `(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(t.${columna}) where key in (${CODIGOS.map((one) => `'${one}'`).join(', ')}))`,
}

/** The columns of a table that are emptied with the object they tell of, each with the SQL of what is left in it. */
export function vaciables(tabla: string): { columna: string; queda: string }[] {
  return Object.entries(COLUMNAS[tabla] ?? {}).flatMap(([columna, como]) => {
    const queda = VACIO[como]?.(columna)
    return queda === undefined ? [] : [{ columna, queda }]
  })
}

/** Do whole rows of this table go with the object they tell of? */
export const seVaLaFila = (tabla: string): boolean =>
  Object.values(COLUMNAS[tabla] ?? {}).some((como) => como === 'fila')
