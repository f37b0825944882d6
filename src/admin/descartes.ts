import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../runtime/http.ts'
import { sql, sqlOne } from '../runtime/sql.ts'
import { auditBy } from './audit.ts'
import type { Panel } from './deps.ts'
import { linea, readForm } from './form.ts'
import { usuarioDe } from './guard.ts'
import { SECCIONES } from './menu.ts'

const config = { acceso: SECCIONES.pendientes.acceso }
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const forma = z.object({ motivo: linea(300) })

/** What may be put aside: a message that did not go or was not understood, work that failed. */
const COSAS = {
  mensajes: { columna: 'message_id', objectType: 'message' },
  trabajos: { columna: 'outbox_id', objectType: 'outbox' },
} as const

/** Something that was put aside, by whom and why; it can still be tried again. */
export interface Descarte {
  cosa: keyof typeof COSAS
  objetoId: number
  motivo: string
  usuario: string
  at: Date
}

/** Dead letters are put aside with a reason: they wait no longer for anybody, and may be tried again as long as they are kept. */
export function descartesRoutes(app: FastifyInstance, { database }: Panel): void {
  for (const cosa of ['mensajes', 'trabajos'] as const) {
    app.post(`/admin/pendientes/${cosa}/:id/descartar`, { config }, async (request, reply) => {
      const { id } = params.parse(request.params)
      const form = readForm(forma, request.body)
      if (!form.ok) return reply.redirect('/admin/pendientes?hecho=sin_motivo', 303)
      await database.fork().transactional((em) => descartar(em, request, cosa, id, form.datos.motivo))
      return reply.redirect('/admin/pendientes?hecho=descartado', 303)
    })
  }
}

/** @throws {HttpProblem} 404 when it waits no longer: it went, was tried again, or somebody put it aside before. */
async function descartar(
  em: EntityManager,
  request: FastifyRequest,
  cosa: Descarte['cosa'],
  id: number,
  motivo: string,
): Promise<void> {
  const { columna, objectType } = COSAS[cosa]
  const usuarioId = usuarioDe(request).id
  const row = await sqlOne(
    em,
    `insert into descarte (${columna}, motivo, usuario_id, at) select x.id, $2, $3, now() from (${PENDIENTE[cosa]}) x
     on conflict (${columna}) do nothing returning 1`,
    [id, motivo, usuarioId],
  )
  if (!row) throw new HttpProblem(404, 'This no longer waits for anybody.')
  await auditBy(em, request, { action: 'pendiente.descartar', objectType, objectId: id })
}

/** The latest that were put aside. */
export const descartes = (em: EntityManager): Promise<Descarte[]> => sql(em, DESCARTES)

const PENDIENTE: Record<Descarte['cosa'], string> = {
  mensajes: `select id from message where id = $1 and status in ('failed', 'ambiguous', 'waiting_window') and moved_to is null for update`,
  trabajos: `select id from outbox where id = $1 and status = 'failed' for update`,
}

const DESCARTES = `
select case when d.message_id is null then 'trabajos' else 'mensajes' end as cosa, coalesce(d.message_id, d.outbox_id) as "objetoId",
       d.motivo, u.nombre as usuario, d.at
  from descarte d join usuario u on u.id = d.usuario_id order by d.id desc limit 100`
