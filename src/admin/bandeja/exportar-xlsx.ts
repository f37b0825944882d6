import { strToU8, Zip, ZipDeflate } from 'fflate'
import type { Celda, Tipo } from './exportar-columnas.ts'

/** Rows a sheet can hold, by the format; the heading is one. */
const FILAS = 1_048_576
/** Characters a cell can hold, by the format. */
const LARGO = 32_767

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** ECMA-376: the parts of the smallest workbook; style 1 is a day with its time, 2 a day, 3 a heading. */
const PARTS: Record<string, string> = {
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="Peticiones" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${REL}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
}

/** A workbook of one sheet, lot by lot; texts are texts, so that no cell is a formula. Lines beyond what a sheet holds are left out. */
export async function* xlsx(
  encabezados: { texto: string; tipo: Tipo }[],
  lotes: AsyncIterable<Celda[][]>,
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  const take = () => ready.splice(0)
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    ready.push(chunk)
  })
  for (const [name, xml] of Object.entries(PARTS)) add(zip, name).push(strToU8(HEAD + xml), true)
  const sheet = add(zip, 'xl/worksheets/sheet1.xml')
  const cells = encabezados.map(({ texto }) => inline(texto, 3)).join('')
  sheet.push(strToU8(`${HEAD}${SHEET}<row>${cells}</row>`))
  let left = FILAS - 1
  for await (const lote of lotes) {
    sheet.push(
      strToU8(
        lote
          .slice(0, left)
          .map((fila) => row(fila, encabezados))
          .join(''),
      ),
    )
    left = Math.max(0, left - lote.length)
    yield* take()
  }
  sheet.push(strToU8('</sheetData></worksheet>'), true)
  zip.end()
  yield* take()
  ready = []
}

function add(zip: Zip, name: string): ZipDeflate {
  const part = new ZipDeflate(name, { level: 3 })
  zip.add(part)
  return part
}

// The heading stays in sight.
const SHEET = `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" baseColWidth="16"/><sheetData>`

const row = (fila: Celda[], encabezados: { tipo: Tipo }[]) =>
  `<row>${fila.map((celda, at) => cell(celda, encabezados[at]?.tipo ?? 'texto')).join('')}</row>`

function cell(value: Celda, tipo: Tipo): string {
  if (value === null) return '<c/>'
  if (typeof value === 'number') return `<c><v>${value}</v></c>`
  if (typeof value === 'string' && tipo === 'fecha')
    return `<c s="${value.length > 10 ? 1 : 2}"><v>${serial(value)}</v></c>`
  return inline(String(value), 0)
}

/** Days since the last but one of 1899, as spreadsheets count. */
const serial = (local: string) =>
  Date.parse(`${local.replace(' ', 'T')}${local.length > 10 ? 'Z' : ''}`) / 86_400_000 + 25_569

const inline = (text: string, style: number) =>
  `<c t="inlineStr" s="${style}"><is><t xml:space="preserve">${escaped(text.slice(0, LARGO))}</t></is></c>`

/** XML 1.0 has no place for most control characters, nor for half a surrogate pair. */
const escaped = (text: string) =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
