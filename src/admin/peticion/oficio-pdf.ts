import type { Panel } from '../deps.ts'
import { createPdf, imprimible, type Pdf } from '../pdf.ts'
import type { PeticionDetallada } from './detalle-consulta.ts'
import { encabezado, firmas, MARGEN, parrafo, pies } from './formato-pdf.ts'

/** The *oficio de atención y canalización*: what the person takes to the dependencia, which says on it how long it will take. */
export function oficioPdf(panel: Panel, p: PeticionDetallada, { medio }: { medio: string }): Promise<Buffer> {
  const { t, fecha } = panel.pages.palabras
  const titulo = t('oficio.titulo')
  return createPdf({ size: 'LETTER', margin: MARGEN, title: `${titulo} ${p.folio}` }, async (doc) => {
    await encabezado(doc, panel, p, titulo)
    const { nombre: municipio } = panel.municipio.municipio
    linea(doc, t('oficio.lugar', { municipio, fecha: fecha(panel.now()) }), 'right')
    linea(doc, t('oficio.asunto', { folio: p.folio }), 'right')
    doc.moveDown(1).font('Helvetica-Bold')
    linea(doc, p.dependencia ?? t('oficio.sin_dependencia'))
    linea(doc, t('oficio.presente'))
    doc.moveDown(1).font('Helvetica')
    const persona = p.anonima || !p.nombre ? t('oficio.persona_anonima') : p.nombre
    linea(doc, t('oficio.cuerpo', { persona, medio, fecha: fecha(p.venceEl) }))
    parrafo(doc, p.asunto, p.descripcion)
    const lugar = [[p.calle, p.numero].filter(Boolean).join(' '), p.colonia, p.referencias].filter(Boolean).join(', ')
    if (lugar) parrafo(doc, t('formato.lugar'), lugar)
    const entregados = p.listaDeRequisitos.filter(({ id }) => p.requisitos[id]).map(({ nombre }) => `• ${nombre}`)
    if (entregados.length > 0) parrafo(doc, t('oficio.entrego'), entregados.join('\n'))
    doc.moveDown(1.5)
    linea(doc, t('oficio.tiempo'))
    firmas(doc, t, ['oficio.atiende', 'oficio.recibe'])
    pies(doc, panel, p)
  })
}

function linea(doc: Pdf, text: string, align: 'left' | 'right' = 'left'): void {
  doc.fontSize(11).text(imprimible(text), MARGEN, doc.y, { width: doc.page.width - 2 * MARGEN, align })
}
