import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import type { Panel } from '../deps.ts'
import type { Palabras } from '../palabras.ts'
import { createPdf, imprimible, type Pdf } from '../pdf.ts'
import type { Tablero } from './tablero.ts'
import type { Cuentas, Renglon } from './tablero-consulta.ts'
import { DIMENSIONES, type Dimension } from './tablero-partes.ts'

const MARGEN = 48
const GRIS = '#555555'
/** What is left of a name on paper, and how many lines a table has. */
const NOMBRE = 150
const RENGLONES = 15
const COLUMNAS = ['recibidas', 'pendientes', 'vencidas', 'resueltas', 'no_resueltas', 'reabiertas', 'mediana'] as const

/** What a paper is made with. */
export type Imprenta = Pick<Panel, 'logo' | 'municipio' | 'now'> & { palabras: Palabras }

/** The report of a period, on letter paper: the numbers, beside those of before, and a table of each kind. */
export function informePdf(panel: Imprenta, tablero: Tablero, quien: string): Promise<Buffer> {
  const { t, fecha, fechaHora } = panel.palabras
  const { del, al } = tablero.consulta
  const periodo = t('tablero.periodo', { del: fecha(del), al: fecha(al) })
  return createPdf({ size: 'LETTER', margin: MARGEN, title: `${t('tablero.titulo')} ${del} ${al}` }, async (doc) => {
    if (panel.logo) doc.image(panel.logo, MARGEN, MARGEN, { fit: [200, 48] })
    doc.y = MARGEN + (panel.logo ? 56 : 0)
    for (const line of panel.municipio.formato.encabezado) escribir(doc, line, 10)
    escribir(doc, t('tablero.titulo'), 16, true)
    escribir(doc, periodo, 11)
    doc.fillColor(GRIS)
    escribir(doc, `${t('tablero.hecho', { fecha: fechaHora(panel.now()), quien })}. ${t('tablero.alcance')}`, 8)
    doc.fillColor('black').moveDown(0.5)
    cifras(doc, panel, tablero)
    for (const dimension of DIMENSIONES) tabla(doc, panel, dimension, tablero.por[dimension])
  })
}

const escribir = (doc: Pdf, text: string, size: number, bold = false) =>
  doc
    .font(bold ? 'Helvetica-Bold' : 'Helvetica')
    .fontSize(size)
    .text(imprimible(text), MARGEN, doc.y)

const numero = (value: number | null) => (value === null ? '–' : value.toLocaleString('es-MX'))

function cifras(doc: Pdf, { palabras }: Imprenta, { total, antes }: Tablero): void {
  const keys: (keyof Cuentas)[] = [...COLUMNAS, 'p90', 'opinadas', 'satisfaccion']
  for (const key of keys) {
    const y = doc.y
    doc
      .font('Helvetica')
      .fontSize(11)
      .text(imprimible(palabras.t(`tablero.${key}`)), MARGEN, y, { width: 240 })
    doc.font('Helvetica-Bold').text(numero(total[key]), MARGEN + 250, y, { width: 80, align: 'right' })
    doc.font('Helvetica').fillColor(GRIS)
    doc.text(palabras.t('tablero.antes', { n: numero(antes[key]) }), MARGEN + 345, y, { width: 120 }).fillColor('black')
  }
  doc.moveDown(0.8)
}

function tabla(doc: Pdf, panel: Imprenta, dimension: Dimension, all: Renglon[]): void {
  if (all.length === 0) return
  const { t } = panel.palabras
  const rows = all.slice(0, RENGLONES)
  if (doc.y + (Math.min(rows.length, 4) + 2) * 14 > doc.page.height - MARGEN) doc.addPage()
  const heading = COLUMNAS.map((key) => t(`informe.${key}`))
  fila(doc, t(`por.${dimension}`), heading, true)
  for (const row of rows) {
    if (doc.y + 14 > doc.page.height - MARGEN) doc.addPage()
    const nombre = dimension === 'medio' ? nombreDeMedio(panel.municipio, row.clave ?? '') : row.nombre
    fila(
      doc,
      nombre ?? t('filtro.ninguna'),
      COLUMNAS.map((key) => numero(row[key])),
    )
  }
  if (all.length > rows.length) escribir(doc, t('tablero.mas', { n: all.length - rows.length }), 8)
  doc.moveDown(0.8)
}

function fila(doc: Pdf, nombre: string, celdas: string[], bold = false): void {
  const y = doc.y
  const width = (doc.page.width - 2 * MARGEN - NOMBRE) / celdas.length
  doc.font(bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(bold ? 8 : 9)
  doc.text(imprimible(nombre), MARGEN, y, { width: NOMBRE - 4, height: 11, ellipsis: true })
  for (const [at, celda] of celdas.entries()) {
    doc.text(imprimible(celda), MARGEN + NOMBRE + at * width, y, { width: width - 2, align: 'right', lineBreak: false })
  }
  doc.x = MARGEN
  doc.y = y + 14
}
