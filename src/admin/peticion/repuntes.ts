import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { repuntes, reunir } from '../../workflow/peticion/repuntes.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'

const config = { acceso: ['validador'] as const }
const cual = z.object({ categoria: z.string().max(60), clave: z.string().min(1).max(200) })

/** Many petitions of one kind in one colonia in little time: UAC may gather them under one. */
export function repuntesRoutes(app: FastifyInstance, { database, municipio, now, pages }: Panel): void {
  app.get('/admin/repuntes', { config }, async (request, reply) =>
    pages.show(request, reply, 'repuntes', {
      repuntes: await repuntes(database.fork(), municipio.repunte, now()),
      horas: municipio.repunte.horas,
      nada: z.object({ nada: z.literal('si').optional().catch(undefined) }).parse(request.query).nada,
    }),
  )
  app.post('/admin/repuntes/reunir', { config }, async (request, reply) => {
    const usuario = usuarioDe(request)
    const one = cual.parse(request.body)
    const hecho = await database.fork().transactional(async (em) => {
      const done = await reunir(em, usuario, one, municipio.repunte, { ahora: now() })
      if (done)
        await auditBy(em, request, {
          action: 'repunte.reunir',
          objectType: 'peticion',
          objectId: done.folio,
          detail: { ...one, reunidas: done.reunidas },
        })
      return done
    })
    return reply.redirect(hecho ? `/admin/peticiones/${hecho.folio}?hecho=reunir` : '/admin/repuntes?nada=si', 303)
  })
}
