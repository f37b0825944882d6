import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { dispositivoDe } from './dispositivo.ts'
import { closeOneOf, closeSessionsOf, openSessionsOf } from './session.ts'

/** One session by its stored hash, or all (of one's own: all others). */
export const cierre = z.object({ sesion: z.union([z.literal('todas'), z.string().regex(/^[0-9a-f]{64}$/)]) })

const config = { acceso: 'todos' as const, antesDelCambio: true }

/** One's own open sessions: which, and ending them. */
export function sesionesRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/cuenta/sesiones', { config }, async (request, reply) =>
    panel.pages.show(request, reply, 'sesiones', {
      sesiones: await sesionesDe(panel, usuarioDe(request).id, request.sesion?.idHash),
    }),
  )
  app.post('/admin/cuenta/sesiones/cerrar', { config }, async (request, reply) => {
    await cerrar(panel, request, usuarioDe(request).id)
    return reply.redirect('/admin/cuenta/sesiones', 303)
  })
}

/** A user's sessions with their device in words. */
export async function sesionesDe({ database }: Panel, usuarioId: number, own?: Buffer) {
  const open = await openSessionsOf(database.fork(), usuarioId, own)
  return open.map(({ userAgent, ...one }) => ({ ...one, ...dispositivoDe(userAgent) }))
}

/** Ends what the form names, of this user; the session that asks goes on, unless it is named. */
export async function cerrar({ database }: Panel, request: FastifyRequest, usuarioId: number): Promise<void> {
  const { sesion } = cierre.parse(request.body ?? {})
  await database.fork().transactional(async (tx) => {
    if (sesion === 'todas') await closeSessionsOf(tx, usuarioId, request.sesion?.idHash)
    else await closeOneOf(tx, usuarioId, Buffer.from(sesion, 'hex'))
    await auditBy(tx, request, {
      action: 'usuario.cerrar_sesiones',
      objectType: 'usuario',
      objectId: usuarioId,
      detail: { cuales: sesion === 'todas' ? 'todas' : 'una' },
    })
  })
}
