import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { categoriasCapturables } from './captura-forma.ts'
import { guardarPendiente, pendienteDe, quitarPendiente } from './captura-pendiente.ts'

const config = { acceso: SECCIONES.captura.acceso }
const form = z.object({ captura: z.uuid(), categoria: z.string().max(60) })

/** Captures left for when the person brings what is missing: keep one, discard one. */
export function capturasPendientesRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, now } = panel
  app.post('/admin/captura/pendientes', { config }, async (request, reply) => {
    const { captura, categoria: id } = form.parse(request.body ?? {})
    const em = database.fork()
    const categoria = (await categoriasCapturables(em)).find((one) => one.id === id)
    if (!categoria) throw new HttpProblem(422, 'There is no such category.')
    await em.transactional(async (tx) => {
      const de = { captura, usuario: usuarioDe(request), ahora: now() }
      if (!(await guardarPendiente(tx, categoria, typed(request.body), de)))
        throw new HttpProblem(404, 'There is no such capture within your reach.')
      await anotar(tx, request, 'captura.guardar', captura)
    })
    return reply.redirect('/admin/captura?hecho=guardada', 303)
  })
  app.post('/admin/captura/pendientes/:captura/descartar', { config }, (request, reply) =>
    descartar(panel, request, reply),
  )
}

async function descartar({ database }: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { captura } = z.object({ captura: z.string().max(60) }).parse(request.params)
  const em = database.fork()
  if (!(await pendienteDe(em, usuarioDe(request), captura))) throw new HttpProblem(404, 'There is no such capture.')
  await em.transactional(async (tx) => {
    await quitarPendiente(tx, captura)
    await anotar(tx, request, 'captura.descartar', captura)
  })
  return reply.redirect('/admin/captura?hecho=descartada', 303)
}

const anotar = (em: EntityManager, request: FastifyRequest, action: string, captura: string) =>
  auditBy(em, request, { action, objectType: 'captura', objectId: captura })
