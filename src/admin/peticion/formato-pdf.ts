import { enlaceFirmado } from '../../workflow/peticion/claves.ts'
import type { Panel } from '../deps.ts'
import { barras, createPdf, imprimible, type Pdf, qr } from '../pdf.ts'
import type { PeticionDetallada } from './detalle-consulta.ts'

/** Points around a page. */
export const MARGEN = 48
/** The room the signatures take; they are never torn from one another. */
const FIRMAS = 150
const GRIS = '#555555'
/** Points that the coat of arms may be high. */
const LOGO = 54

/** The *formato de trámite de atención* of a petition: what the dependencia prints, signs and scans. */
export function formatoPdf(panel: Panel, p: PeticionDetallada, nombres: { medio: string }): Promise<Buffer> {
  const { palabras } = panel.pages
  const { titulo } = panel.municipio.formato
  return createPdf({ size: 'LETTER', margin: MARGEN, title: `${titulo} ${p.folio}` }, async (doc) => {
    await encabezado(doc, panel, p, titulo)
    datos(doc, renglonesDe(panel, p, nombres.medio))
    parrafo(doc, palabras.t('formato.pide'), p.descripcion)
    for (const { id, texto } of p.preguntas) if (p.respuestas[id]) parrafo(doc, texto, p.respuestas[id])
    firmas(doc, palabras.t, ['formato.recibe', 'formato.atiende'])
    doc.text(imprimible(palabras.t('formato.fecha_recepcion')), MARGEN, doc.y + 8)
    pies(doc, panel, p)
  })
}

/** Who writes, what paper it is, the folio with its bar code, and the code that opens the public page. */
export async function encabezado(
  doc: Pdf,
  { municipio, logo, secretKey, publicUrl, pages }: Panel,
  p: Pick<PeticionDetallada, 'folio'>,
  titulo: string,
): Promise<void> {
  const { formato } = municipio
  const right = doc.page.width - MARGEN
  doc.image(await qr(enlaceFirmado({ secretKey, publicUrl }, p.folio)), right - 90, MARGEN, { width: 90 })
  if (logo) doc.image(logo, MARGEN, MARGEN, { fit: [220, LOGO] })
  doc.y = MARGEN + (logo ? LOGO + 8 : 0)
  doc.font('Helvetica-Bold').fontSize(13)
  const width = right - MARGEN - 110
  for (const line of formato.encabezado)
    doc.text(imprimible(line), MARGEN, doc.y, { width }).font('Helvetica').fontSize(11)
  const contacto = [formato.domicilio, formato.telefono, formato.correo].filter((one) => one !== '').join(' · ')
  if (contacto) doc.fontSize(8).fillColor(GRIS).text(imprimible(contacto), { width }).fillColor('black')
  doc.moveDown(0.6).font('Helvetica-Bold').fontSize(14).text(imprimible(titulo), { width })
  doc.fontSize(18).text(p.folio, { width })
  doc.image(await barras(p.folio), MARGEN, doc.y + 2, { width: 230, height: 28 })
  doc.y += 36
  doc.font('Helvetica').fontSize(8).fillColor(GRIS).text(pages.palabras.t('formato.siga'), MARGEN, doc.y, { width })
  doc.y = Math.max(doc.y, MARGEN + 100)
  doc.fillColor('black').moveTo(MARGEN, doc.y).lineTo(right, doc.y).lineWidth(0.8).stroke()
  doc.moveDown(0.8)
}

/** Label and value of each line; those without a value are left out. */
function renglonesDe(
  { pages: { palabras }, municipio }: Panel,
  p: PeticionDetallada,
  medio: string,
): [string, string][] {
  const { t, fechaHora, fecha } = palabras
  const programa = municipio.programas.find((one) => one.codigo === p.programa)?.nombre
  const lugar = [[p.calle, p.numero].filter(Boolean).join(' '), p.colonia, p.referencias].filter(Boolean).join(', ')
  const all: [string, string | null | undefined][] = [
    ['asunto', p.asunto],
    ['dependencia', p.dependencia],
    ['enlace', p.enlace],
    ['registrada', fechaHora(p.registradaAt)],
    ['vence', t('formato.plazo', { dias: p.plazoDias, fecha: fecha(p.venceEl) })],
    ['medio', [medio, programa].filter(Boolean).join(', ')],
    ['nombre', p.anonima ? t('formato.anonima') : p.nombre],
    ['telefono', p.telefono],
    ['email', p.email],
    ['lugar', lugar],
    [
      'coordenadas',
      p.latitud === null || p.longitud === null ? null : `${p.latitud.toFixed(6)}, ${p.longitud.toFixed(6)}`,
    ],
  ]
  return all.flatMap(([key, value]): [string, string][] => (value ? [[t(`formato.${key}`), value]] : []))
}

/** A table of two columns, over as many pages as it needs. */
export function datos(doc: Pdf, renglones: [string, string][]): void {
  const width = doc.page.width - 2 * MARGEN - 120
  for (const [nombre, valor] of renglones) {
    const text = imprimible(valor)
    if (doc.y + doc.fontSize(10).heightOfString(text, { width }) > doc.page.height - MARGEN - 20) doc.addPage()
    const y = doc.y
    doc.font('Helvetica').fillColor(GRIS).text(imprimible(nombre), MARGEN, y, { width: 115 })
    const under = doc.y
    doc.fillColor('black').text(text, MARGEN + 120, y, { width })
    doc.y = Math.max(doc.y, under) + 3
  }
}

/** A text under its title. */
export function parrafo(doc: Pdf, titulo: string, texto: string): void {
  doc.moveDown(0.5).font('Helvetica-Bold').fontSize(10).text(imprimible(titulo), MARGEN, doc.y)
  doc.font('Helvetica').text(imprimible(texto), { width: doc.page.width - 2 * MARGEN })
}

/** Boxes to sign in, side by side at the foot of the page; `keys` name who signs. */
export function firmas(doc: Pdf, t: (key: string) => string, keys: readonly [string, string]): void {
  if (doc.y + FIRMAS > doc.page.height - MARGEN - 20) doc.addPage()
  const top = Math.max(doc.y + 20, doc.page.height - MARGEN - 20 - FIRMAS)
  const width = (doc.page.width - 2 * MARGEN - 20) / 2
  doc.fontSize(9)
  for (const [at, key] of keys.entries()) {
    const x = MARGEN + at * (width + 20)
    doc.rect(x, top, width, 110).lineWidth(0.8).stroke()
    doc.font('Helvetica-Bold').text(imprimible(t(key)), x + 8, top + 8, { width: width - 16 })
    doc
      .moveTo(x + 16, top + 78)
      .lineTo(x + width - 16, top + 78)
      .lineWidth(0.5)
      .stroke()
    doc.font('Helvetica').fillColor(GRIS)
    doc.text(imprimible(t('formato.firma')), x + 8, top + 82, { width: width - 16, align: 'center' }).fillColor('black')
  }
  doc.y = top + 116
}

/** On every page, also those that came by themselves: which petition it is, and how many pages it has. */
export function pies(doc: Pdf, { municipio, pages }: Panel, { folio }: Pick<PeticionDetallada, 'folio'>): void {
  const { count } = doc.bufferedPageRange()
  for (let at = 0; at < count; at++) {
    doc.switchToPage(at)
    // Text below the margin would begin another page.
    doc.page.margins.bottom = 0
    const numero = pages.palabras.t('formato.pagina', { folio, numero: at + 1, total: count })
    const pie = [municipio.formato.pie, numero].filter((one) => one !== '').join(' · ')
    doc.font('Helvetica').fontSize(8).fillColor(GRIS)
    doc.text(imprimible(pie), MARGEN, doc.page.height - MARGEN + 6, {
      width: doc.page.width - 2 * MARGEN,
      align: 'center',
    })
  }
}
