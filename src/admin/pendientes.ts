import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../runtime/http.ts'
import { sql, sqlOne } from '../runtime/sql.ts'
import { nombreDeMedio } from '../workflow/catalogo/municipio.ts'
import { reintentarOutbox } from '../workflow/outbox.ts'
import { alcance } from '../workflow/permisos.ts'
import { auditBy } from './audit.ts'
import type { Panel } from './deps.ts'
import { descartes } from './descartes.ts'
import { usuarioDe } from './guard.ts'
import { SECCIONES } from './menu.ts'

const config = { acceso: SECCIONES.pendientes.acceso }
const HECHO = z.object({ hecho: z.enum(['si', 'descartado', 'sin_motivo']).optional().catch(undefined) })
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

/** What stepped out of its line: messages that did not go or were not understood, work that failed. Tried again from here. */
export function pendientesRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, pages, pipeline } = panel
  app.get('/admin/pendientes', { config }, async (request, reply) => {
    const em = database.fork()
    const { sql: condicion, params: own } = alcance(usuarioDe(request), 1)
    return pages.show(request, reply, 'pendientes', {
      mensajes: await sql(em, MENSAJES),
      trabajos: await sql(em, trabajos(condicion), own),
      correos: await sql(em, CORREOS),
      descartes: await descartes(em),
      hayCorreo: panel.correo !== undefined,
      medio: (codigo: string) => nombreDeMedio(panel.municipio, codigo),
      hecho: HECHO.parse(request.query).hecho,
    })
  })
  app.post('/admin/pendientes/mensajes/:id/reintentar', { config }, async (request, reply) => {
    const retried = await retry(panel, request, 'message', (em, id) => sqlOne<Retried>(em, MENSAJE_OTRA_VEZ, [id]))
    if (retried.direction === 'in') pipeline.wakeTurn(retried.conversationId)
    else pipeline.wakeSend(retried.conversationId)
    return reply.redirect('/admin/pendientes?hecho=si', 303)
  })
  app.post('/admin/pendientes/correos/:id/reintentar', { config }, async (request, reply) => {
    await retry(panel, request, 'correo', (em, id) => sqlOne<{ id: number }>(em, CORREO_OTRA_VEZ, [id]))
    return reply.redirect('/admin/pendientes?hecho=si', 303)
  })
  app.post('/admin/pendientes/trabajos/:id/reintentar', { config }, async (request, reply) => {
    await retry(panel, request, 'outbox', reintentarOutbox)
    return reply.redirect('/admin/pendientes?hecho=si', 303)
  })
}

interface Retried {
  direction: 'in' | 'out'
  conversationId: number
}

/** @throws {HttpProblem} 404 when it no longer waits for anybody: somebody else tried it, or it went by itself. */
function retry<T>(
  panel: Panel,
  request: FastifyRequest,
  objectType: 'message' | 'outbox' | 'correo',
  again: (em: EntityManager, id: number) => Promise<T>,
): Promise<NonNullable<T>> {
  const { id } = params.parse(request.params)
  return panel.database.fork().transactional(async (em) => {
    const retried = await again(em, id)
    if (!retried) throw new HttpProblem(404, 'This no longer waits to be tried again.')
    await recordRetry(em, request, objectType, id)
    return retried
  })
}

const recordRetry = (em: EntityManager, request: FastifyRequest, objectType: string, objectId: number) =>
  auditBy(em, request, { action: 'pendiente.reintentar', objectType, objectId })

/** SQL over a message of the conversation `c`: its words were erased since, and there is nothing left to try. */
const VACIADO = `(m.body = '{}'::jsonb and (c.bloqueada_at is not null or c.depurada_at is not null))`

// No words of the citizen's: whoever keeps the queues need not read them.
const MENSAJES = `
select m.id, m.channel, m.account, m.direction, m.kind, m.status, m.error, m.attempts, m.created_at as "createdAt",
       m.conversation_id as "conversationId", a.blocked_at is not null as bloqueado
  from message m join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
 where m.status in ('failed', 'ambiguous', 'waiting_window') and m.moved_to is null
   and not exists (select from descarte d where d.message_id = m.id) and not ${VACIADO} order by m.created_at desc limit 200`

// Failed for good, or waiting for a server that does not answer.
const CORREOS = `
select c.id, c.clase, c.status, c.error, c.attempts, c.rechazado, c.para, c.due_at as "dueAt", u.nombre, u.id as "usuarioId"
  from correo c join usuario u on u.id = c.usuario_id
 where c.status = 'failed' or (c.status = 'pending' and c.attempts > 0) order by c.id desc limit 100`

const CORREO_OTRA_VEZ = `
update correo set status = 'pending', attempts = 0, error = null, rechazado = false, due_at = now()
 where id = $1 and (status = 'failed' or (status = 'pending' and attempts > 0)) returning id`

const trabajos = (condicion: string) => `
select o.id, o.kind, o.error, o.attempts, o.created_at as "createdAt", case when ${condicion} then p.folio end as folio
  from outbox o join peticion p on p.id = o.peticion_id
 where o.status = 'failed' and not exists (select from descarte d where d.outbox_id = o.id) order by o.created_at desc limit 200`

const MENSAJE_OTRA_VEZ = `
with quitado as (delete from descarte where message_id = $1)
update message m set status = case direction when 'in' then 'received' else 'pending' end,
       attempts = 0, doubts = 0, due_at = null, claimed_until = null, error = null
  from conversation c
 where m.id = $1 and c.id = m.conversation_id and m.status in ('failed', 'ambiguous', 'waiting_window') and m.moved_to is null and not ${VACIADO}
returning m.direction, m.conversation_id as "conversationId"`
