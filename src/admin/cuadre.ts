import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { cuadrar } from '../workflow/cuadre/cuadre.ts'
import { diaDe } from '../workflow/peticion/plazo.ts'
import type { Panel } from './deps.ts'
import { dia } from './form.ts'
import { SECCIONES } from './menu.ts'

const config = { acceso: SECCIONES.cuadre.acceso }

/** The ledger of a day: everything that came in, and what became of it; what nothing explains is an alarm. */
export function cuadreRoutes(app: FastifyInstance, { database, municipio, pages, now }: Panel): void {
  app.get('/admin/cuadre', { config }, async (request, reply) => {
    const hoy = diaDe(now(), municipio.zona_horaria)
    const pedido = z.object({ dia: dia().optional().catch(undefined) }).parse(request.query)
    const cuadre = await cuadrar(database.fork(), pedido.dia ?? hoy, municipio.zona_horaria)
    return pages.show(request, reply, 'cuadre', { ...cuadre, hoy })
  })
}
