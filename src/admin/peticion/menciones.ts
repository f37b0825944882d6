import type { FastifyInstance } from 'fastify'
import { darsePorEnterado } from '../../workflow/peticion/menciones.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { folioDe } from './detalle.ts'
import { leerPeticion } from './detalle-consulta.ts'

/** Saying that one read the notes that name one. */
export function mencionesRoutes(app: FastifyInstance, { database, now }: Panel): void {
  app.post('/admin/peticiones/:folio/enterado', { config: { acceso: 'todos' } }, async (request, reply) => {
    const usuario = usuarioDe(request)
    const p = await leerPeticion(database.fork(), usuario, folioDe(request))
    await darsePorEnterado(database.fork(), usuario.id, p.id, now())
    return reply.redirect(`/admin/peticiones/${p.folio}`, 303)
  })
}
