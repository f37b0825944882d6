import type { Panel } from '../deps.ts'
import { createPdf, imprimible } from '../pdf.ts'
import { datos, encabezado, MARGEN, pies } from '../peticion/formato-pdf.ts'
import type { Capturada } from './capturada.ts'

/** What the person takes home, on a letter page: for a módulo without a printer of tickets. */
export function comprobantePdf(panel: Panel, de: Capturada): Promise<Buffer> {
  const { t, fecha, fechaHora } = panel.pages.palabras
  const titulo = t('comprobante.titulo')
  return createPdf({ size: 'LETTER', margin: MARGEN, title: `${titulo} ${de.folio}` }, async (doc) => {
    await encabezado(doc, panel, de, titulo)
    const width = doc.page.width - 2 * MARGEN
    const grande = (text: string) =>
      doc.font('Helvetica-Bold').fontSize(20).text(imprimible(text), MARGEN, doc.y, { width }).moveDown(0.4)
    if (de.turno) grande(`${t('turno.turno')}: ${de.turno}`)
    if (de.clave) grande(t('comprobante.clave', { clave: de.clave }))
    datos(doc, [
      [t('formato.asunto'), de.asunto],
      [t('formato.dependencia'), de.dependencia],
      [t('formato.registrada'), fechaHora(de.registradaAt)],
      [t('formato.vence'), fecha(de.venceEl)],
    ])
    const como = t('comprobante.como', { enlace: `${panel.publicUrl}/folio` })
    doc.moveDown(1).font('Helvetica').fontSize(11).text(imprimible(como), MARGEN, doc.y, { width })
    pies(doc, panel, de)
  })
}
