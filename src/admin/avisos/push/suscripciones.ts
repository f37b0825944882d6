import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { isPublicUrl } from '../../../runtime/public-network.ts'
import { sql } from '../../../runtime/sql.ts'
import type { Panel } from '../../deps.ts'
import { usuarioDe } from '../../guard.ts'

const config = { acceso: 'todos' as const }
/** Base64url of so many bytes. */
const bytes = (count: number) =>
  z
    .string()
    .regex(/^[\w-]+={0,2}$/)
    .refine((text) => Buffer.from(text, 'base64url').length === count)

const endpoint = z
  .string()
  .max(1000)
  .refine((text) => URL.canParse(text) && isPublicUrl(new URL(text)))
// Push API, 7: an uncompressed point of P-256 and a secret of 16 bytes.
const suscripcion = z.object({ endpoint, keys: z.object({ p256dh: bytes(65), auth: bytes(16) }) })

/** Devices of one person; the oldest goes when there are more. */
const MOST = 10

/**
 * This device asks for notices, or wants none any more. A browser that two people use belongs to who asked last; whoever logs out, or is
 * logged out, is told nothing there any more.
 */
export function suscripcionesPushRoutes(app: FastifyInstance, { database, now }: Panel): void {
  app.post('/admin/cuenta/push', { config }, async (request, reply) => {
    const { endpoint: url, keys } = suscripcion.parse(request.body)
    const { id } = usuarioDe(request)
    await database.fork().transactional(async (em) => {
      await sql(em, GUARDAR, [id, url, keys.p256dh, keys.auth, now(), request.sesion?.idHash])
      await sql(em, OLVIDAR, [id, MOST])
    })
    return reply.code(204).send()
  })
  app.post('/admin/cuenta/push/quitar', { config }, async (request, reply) => {
    const sent = z.object({ endpoint: z.string().max(1000) }).parse(request.body)
    await sql(database.fork(), 'delete from suscripcion_push where usuario_id = $1 and endpoint = $2', [
      usuarioDe(request).id,
      sent.endpoint,
    ])
    return reply.code(204).send()
  })
}

const GUARDAR = `
insert into suscripcion_push (usuario_id, endpoint, p256dh, auth, created_at, sesion) values ($1, $2, $3, $4, $5, $6)
on conflict (endpoint) do update
  set usuario_id = excluded.usuario_id, p256dh = excluded.p256dh, auth = excluded.auth, created_at = excluded.created_at,
      sesion = excluded.sesion`

const OLVIDAR = `
delete from suscripcion_push where usuario_id = $1
   and id not in (select id from suscripcion_push where usuario_id = $1 order by created_at desc, id desc limit $2)`
