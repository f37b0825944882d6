import { expect, it } from 'vitest'
import { sql } from '../../../src/runtime/sql.ts'
import { CLASES } from '../../../src/workflow/privacidad/clases.ts'
import { COLUMNAS, seVaLaFila, vaciables } from '../../../src/workflow/privacidad/declaracion.ts'
import { EDADES } from '../../../src/workflow/privacidad/edades.ts'
import { ayuntamiento } from '../ayuntamiento.ts'

const COLUMNS = `
select c.table_name as tabla, c.column_name as columna
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
 where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, c.ordinal_position`

const todas = Object.entries(COLUMNAS).flatMap(([tabla, reglas]) =>
  Object.entries(reglas).map(([columna, regla]) => ({ tabla, columna, regla })),
)

it('every column of the database is declared personal, with its rule, or harmless', async () => {
  const { database } = await ayuntamiento()
  const reales = await sql<{ tabla: string; columna: string }>(database.fork(), COLUMNS)
  const sin = reales.filter(({ tabla, columna }) => COLUMNAS[tabla]?.[columna] === undefined)
  const lineas = sin.map(({ tabla, columna }) => `${tabla}:\n  ${columna}: no | nulo | fila | …`)
  expect
    .soft(
      lineas,
      'decide on these in src/workflow/privacidad/columnas.yaml, a line each; its first lines explain the rules',
    )
    .toEqual([])
  const reconocidas = new Set(reales.map(({ tabla, columna }) => `${tabla}.${columna}`))
  const idas = todas.filter(({ tabla, columna }) => !reconocidas.has(`${tabla}.${columna}`))
  expect(idas, 'take these out of columnas.yaml: the database has them no longer').toEqual([])
})

it('every personal column is reached by what erases it', () => {
  const alcanzadas = new Set(CLASES.flatMap(({ partes }) => partes.map(({ tabla }) => tabla)))
  const seVan = Object.keys(COLUMNAS).filter((tabla) => seVaLaFila(tabla) || vaciables(tabla).length > 0)
  expect(
    seVan.filter((tabla) => !alcanzadas.has(tabla)),
    'add a part to clases.ts',
  ).toEqual([])
  // These go by age; a batch takes its petitions with it, and the audit log has its own chain.
  const porEdad = new Set([...EDADES.map(({ tabla }) => tabla), 'lote_peticion', 'audit'])
  const conPlazo = todas.filter(({ regla }) => regla === 'plazo').map(({ tabla }) => tabla)
  expect(
    conPlazo.filter((tabla) => !porEdad.has(tabla)),
    'add its age to edades.ts',
  ).toEqual([])
})
