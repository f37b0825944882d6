import type { Municipio } from '../../workflow/catalogo/municipio.ts'
import type { Palabras } from '../palabras.ts'
import { barras, createPdf, imprimible, type Pdf, qr } from '../pdf.ts'

/** What a person who came takes home. */
export interface Turno {
  folio: string
  /** Shown only right after the capture: it is stored nowhere. */
  clave: string | undefined
  turno: string | null
  asunto: string
  /** ISO date. */
  venceEl: string
  registradaAt: Date
  enlacePublico: string
}

/** Paper of 80 mm, as thermal printers have it, in points. */
const ANCHO = 226.77
const MARGEN = 12

/** The turno with folio, clave and a code that opens the public page. */
export function turnoPdf(turno: Turno, municipio: Municipio, palabras: Palabras): Promise<Buffer> {
  const { t, fecha, fechaHora } = palabras
  return createPdf({ size: [ANCHO, 430], margin: MARGEN, title: turno.folio }, async (doc) => {
    encabezado(doc, municipio)
    if (turno.turno) {
      linea(doc, t('turno.turno'), 9)
      linea(doc, turno.turno, 40, true)
    }
    linea(doc, t('turno.folio'), 9)
    linea(doc, turno.folio, 16, true)
    doc.image(await barras(turno.folio), MARGEN + 10, doc.y, { width: ANCHO - 2 * MARGEN - 20, height: 26 })
    doc.y += 32
    if (turno.clave) {
      linea(doc, t('turno.clave'), 9)
      linea(doc, turno.clave, 16, true)
    }
    linea(doc, turno.asunto, 10)
    linea(doc, t('turno.plazo', { fecha: fecha(turno.venceEl) }), 9)
    doc.image(await qr(turno.enlacePublico), (ANCHO - 110) / 2, doc.y + 2, { width: 110 })
    doc.y += 118
    linea(doc, t('turno.siga'), 8)
    linea(doc, fechaHora(turno.registradaAt), 8)
  })
}

/** A number to wait with, before anything was captured. */
export function papelDeTurno(
  turno: { numero: string; modulo: string; at: Date },
  municipio: Municipio,
  { t, fechaHora }: Palabras,
): Promise<Buffer> {
  return createPdf({ size: [ANCHO, 200], margin: MARGEN, title: turno.numero }, async (doc) => {
    encabezado(doc, municipio)
    linea(doc, t('turno.turno'), 9)
    linea(doc, turno.numero, 44, true)
    linea(doc, t('turno.modulo', { modulo: turno.modulo }), 12, true)
    linea(doc, t('turno.espere'), 8)
    linea(doc, fechaHora(turno.at), 8)
  })
}

function encabezado(doc: Pdf, { municipio, formato }: Municipio): void {
  const [primera = municipio.uac, ...otras] = formato.encabezado
  linea(doc, primera, 10, true)
  for (const otra of otras) linea(doc, otra, 9)
}

function linea(doc: Pdf, text: string, size: number, bold = false): void {
  doc.font(bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(size)
  doc.text(imprimible(text), MARGEN, doc.y, { width: ANCHO - 2 * MARGEN, align: 'center' }).moveDown(0.2)
}
