import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { leerAvisos, marcarLeidos } from '../../workflow/avisos-personales/leer.ts'
import { nombresDeCanal } from '../canales/canales.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { decirAviso } from './decir-aviso.ts'

const config = { acceso: 'todos' as const }
const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const query = z.object({ antes: id.optional().catch(undefined) })

/** Notices on one page. */
const PAGINA = 50

/** One's own notices: what, when, where to, and that they were read. */
export function avisosRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, pages, now } = panel
  app.get('/admin/avisos', { config }, async (request, reply) =>
    pages.show(request, reply, 'avisos', await lista(panel, request)),
  )
  // Asked for by an open page when there is news: it says so and moves nothing.
  app.get('/admin/avisos/novedades', { config: { ...config, fondo: true } }, async (request, reply) => {
    const { ultimo } = z.object({ ultimo: z.coerce.number().int().min(0).catch(0) }).parse(request.query)
    const nuevos = (await leerAvisos(database.fork(), usuarioDe(request), { limit: 10 })).filter(
      (one) => one.id > ultimo && one.leidoAt === null,
    )
    return pages.show(request, reply, '_avisos-nuevos', { nuevos: nuevos.length })
  })
  app.post('/admin/avisos/:id/leido', { config }, async (request, reply) => {
    const params = z.object({ id }).parse(request.params)
    await marcarLeidos(database.fork(), usuarioDe(request).id, { id: params.id }, now())
    return reply.redirect(`/admin/avisos#a${params.id}`, 303)
  })
  app.post('/admin/avisos/leidos', { config }, async (request, reply) => {
    const { hasta } = z.object({ hasta: id.catch(1) }).parse(request.body ?? {})
    await marcarLeidos(database.fork(), usuarioDe(request).id, { hasta }, now())
    return reply.redirect('/admin/avisos', 303)
  })
}

async function lista(panel: Panel, request: FastifyRequest) {
  const { antes = null } = query.parse(request.query)
  const rows = await leerAvisos(panel.database.fork(), usuarioDe(request), { antes, limit: PAGINA + 1 })
  const avisos = rows
    .slice(0, PAGINA)
    .map((one) => ({ ...one, ...decirAviso(one, panel.pages.palabras, nombresDeCanal(panel)) }))
  return {
    avisos,
    siguiente: rows.length > PAGINA ? avisos.at(-1)?.id : undefined,
    ultimo: antes === null ? (avisos[0]?.id ?? 0) : undefined,
    sinLeer: avisos.some(({ leidoAt }) => leidoAt === null),
  }
}
