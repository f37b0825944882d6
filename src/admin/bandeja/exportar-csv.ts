import { stringify } from 'csv-stringify/sync'
import type { Celda } from './exportar-columnas.ts'

/** Without it a spreadsheet takes the accents for something else. */
const BOM = '\uFEFF'

/**
 * The text of a file, lot by lot, as RFC 4180 has it. A cell that a spreadsheet would run as a formula (`= + - @` and their like) begins
 * with an apostrophe: citizens write the cells.
 */
export async function* csv(encabezados: string[], lotes: AsyncIterable<Celda[][]>): AsyncGenerator<string> {
  yield BOM + lines([encabezados])
  for await (const lote of lotes) yield lines(lote)
}

const lines = (rows: Celda[][]) => stringify(rows, { escape_formulas: true, record_delimiter: 'windows' })
