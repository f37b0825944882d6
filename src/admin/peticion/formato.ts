import type { FastifyInstance } from 'fastify'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { fileNameParameter } from './adjuntos.ts'
import { folioDe } from './detalle.ts'
import { leerPeticion } from './detalle-consulta.ts'
import { formatoPdf } from './formato-pdf.ts'
import { oficioPdf } from './oficio-pdf.ts'

/** What is printed of a petition, and how. */
const PAPELES = { formato: formatoPdf, oficio: oficioPdf } as const

/** The papers of a petition, made when they are asked for: the formato for the dependencia, the oficio for the person to take. */
export function formatoRoutes(app: FastifyInstance, panel: Panel): void {
  for (const papel of ['formato', 'oficio'] as const) papelRoute(app, panel, papel)
}

function papelRoute(app: FastifyInstance, panel: Panel, papel: keyof typeof PAPELES): void {
  app.get(`/admin/peticiones/:folio/${papel}.pdf`, { config: { acceso: 'todos' } }, async (request, reply) => {
    const em = panel.database.fork()
    const usuario = usuarioDe(request)
    const p = await leerPeticion(em, usuario, folioDe(request))
    const bytes = await PAPELES[papel](panel, p, { medio: nombreDeMedio(panel.municipio, p.medio) })
    await auditBy(em, request, {
      action: `peticion.${papel}`,
      objectType: 'peticion',
      objectId: p.folio,
    })
    return reply
      .type('application/pdf')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; ${fileNameParameter(`${papel}-${p.folio}.pdf`)}`)
      .send(bytes)
  })
}
