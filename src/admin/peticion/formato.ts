import type { FastifyInstance } from 'fastify'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { audit } from '../audit.ts'
import { usuarioDe } from '../guard.ts'
import type { Panel } from '../panel.ts'
import { fileNameParameter } from './adjuntos.ts'
import { folioDe } from './detalle.ts'
import { leerPeticion } from './detalle-consulta.ts'
import { formatoPdf } from './formato-pdf.ts'

/** The paper of a petition, made when it is asked for. */
export function formatoRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/peticiones/:folio/formato.pdf', { config: { acceso: 'todos' } }, async (request, reply) => {
    const em = panel.database.fork()
    const usuario = usuarioDe(request)
    const p = await leerPeticion(em, usuario, folioDe(request))
    const bytes = await formatoPdf(panel, p, { medio: nombreDeMedio(panel.municipio, p.medio) })
    await audit(em, {
      action: 'peticion.formato',
      objectType: 'peticion',
      objectId: p.folio,
      usuarioId: usuario.id,
      ip: request.ip,
    })
    return reply
      .type('application/pdf')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; ${fileNameParameter(`formato-${p.folio}.pdf`)}`)
      .send(bytes)
  })
}
