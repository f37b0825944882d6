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

// Of the ends of lines the library quotes only the one it writes: a reader takes any of them for a new row, whose first cell then is
// whatever the citizen wrote there.
const lines = (rows: Celda[][]) =>
  stringify(rows, { escape_formulas: true, quoted_match: /[\r\n]/, record_delimiter: 'windows' })
