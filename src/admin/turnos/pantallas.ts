import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { hacerPantalla, pantallas, retirarPantalla } from '../../workflow/turnos/pantallas.ts'
import { audit } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'

const config = { acceso: SECCIONES.turnos.acceso }

/** The screens of the waiting rooms: make one, whose link is shown once, and take one away. */
export function pantallasRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, municipio, now, pages, publicUrl } = panel
  const nombres = Object.fromEntries(municipio.modulos.map(({ codigo, nombre }) => [codigo, nombre]))
  app.get('/admin/turnos/pantallas', { config }, async (request, reply) =>
    pages.show(request, reply, 'pantallas', {
      pantallas: await pantallas(database.fork()),
      modulos: municipio.modulos,
      nombres,
    }),
  )
  app.post('/admin/turnos/pantallas', { config }, async (request, reply) => {
    const codigos = municipio.modulos.map(({ codigo }) => codigo)
    const form = z.object({ modulo: z.enum(['', ...codigos]) }).safeParse(request.body ?? {})
    if (!form.success) throw new HttpProblem(422, 'No such módulo.')
    const modulo = form.data.modulo || null
    const token = await database.fork().transactional(async (em) => {
      await anotar(em, request, 'pantalla.hacer', { modulo })
      return hacerPantalla(em, { modulo, usuarioId: usuarioDe(request).id, at: now() })
    })
    return pages.show(request, reply, 'pantallas', {
      pantallas: await pantallas(database.fork()),
      modulos: municipio.modulos,
      nombres,
      liga: `${publicUrl}/admin/sala/${token}`,
    })
  })
  app.post('/admin/turnos/pantallas/:id/retirar', { config }, async (request, reply) => {
    const { id } = z
      .object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
      .parse(request.params)
    await database.fork().transactional(async (em) => {
      if (await retirarPantalla(em, id, now())) await anotar(em, request, 'pantalla.retirar', { id })
    })
    return reply.redirect('/admin/turnos/pantallas', 303)
  })
}

const anotar = (em: Parameters<typeof audit>[0], request: FastifyRequest, action: string, detail: object) =>
  audit(em, { action, objectType: 'pantalla', detail: { ...detail }, usuarioId: usuarioDe(request).id, ip: request.ip })
