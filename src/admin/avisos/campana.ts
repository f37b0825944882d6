import type { FastifyInstance, FastifyRequest } from 'fastify'
import { contarSinLeer } from '../../workflow/avisos-personales/leer.ts'
import type { Panel } from '../deps.ts'
import { isHtmx, usuarioDe } from '../guard.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Notices that this user has not read, for the bell; undefined on what shows no page. */
    avisosSinLeer: number | undefined
  }
}

const enVivo = { acceso: 'todos' as const, fondo: true }

/** The bell of every page: its number when the page is made, and again whenever there is news. */
export function campanaRoutes(app: FastifyInstance, panel: Panel): void {
  app.decorateRequest('avisosSinLeer', undefined)
  app.addHook('preHandler', async (request) => {
    if (showsAPage(request)) await contarEnCampana(panel, request)
  })
  app.get('/admin/avisos/campana', { config: enVivo }, async (request, reply) =>
    panel.pages.show(request, reply, '_campana', {
      avisosSinLeer: await contarSinLeer(panel.database.fork(), usuarioDe(request)),
    }),
  )
}

/** Counts again for the page that is being made, once reading it changed the number. */
export async function contarEnCampana({ database }: Panel, request: FastifyRequest): Promise<void> {
  request.avisosSinLeer = await contarSinLeer(database.fork(), usuarioDe(request))
}

/** Is a whole page asked for, by somebody who is logged in? The pictures on a page ask for none. */
export const showsAPage = (request: FastifyRequest) =>
  request.sesion !== null &&
  !isHtmx(request) &&
  (request.headers.accept?.includes('text/html') ?? false) &&
  !request.routeOptions.config.fondo &&
  request.routeOptions.config.acceso !== 'publica'
