import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sql, sqlOne } from '../runtime/sql.ts'
import { typed } from './form.ts'
import { usuarioDe } from './guard.ts'

/** A form that came with the key its page gave it: not done yet, done already, or its key was used with other words. */
export type Envio = 'nuevo' | 'hecho' | 'distinto'

const conClave = z.object({ envio: z.uuid() })

/** What was this form before? Only looks; a form without a key is always new. */
export async function envioDe(em: EntityManager, request: FastifyRequest): Promise<Envio> {
  const { data } = conClave.safeParse(request.body)
  if (!data) return 'nuevo'
  const known = await sqlOne<{ huella: Buffer; usuarioId: number }>(
    em,
    'select huella, usuario_id as "usuarioId" from envio where clave = $1',
    [data.envio],
  )
  if (!known) return 'nuevo'
  return known.usuarioId === usuarioDe(request).id && known.huella.equals(huellaDe(request)) ? 'hecho' : 'distinto'
}

/**
 * Notes in the transaction of `em` that this form is being done. Of two at the same moment the second waits for the
 * first, and is told what came of it.
 */
export async function tomarEnvio(em: EntityManager, request: FastifyRequest, now: Date): Promise<Envio> {
  const { data } = conClave.safeParse(request.body)
  if (!data) return 'nuevo'
  const taken = await sql(
    em,
    'insert into envio (clave, usuario_id, huella, at) values ($1, $2, $3, $4) on conflict do nothing returning 1',
    [data.envio, usuarioDe(request).id, huellaDe(request), now],
  )
  return taken.length > 0 ? 'nuevo' : envioDe(em, request)
}

/** The route and the words; neither the key nor what the page looked like when it was opened. Files are not in it. */
function huellaDe(request: FastifyRequest): Buffer {
  const { envio: _, version: _v, movimiento: _m, ...words } = typed(request.body)
  const inOrder = Object.entries(words).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([request.url, inOrder]))
    .digest()
}
