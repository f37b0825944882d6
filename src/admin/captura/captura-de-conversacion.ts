import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { leerHilo } from '../conversaciones/hilo-consulta.ts'
import { veConversaciones } from '../conversaciones/hilo-permiso.ts'
import { type Escrito, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import type { Archivo } from '../peticion/detalle-consulta.ts'

/** A conversation that a petition is to be made of. */
export interface ConversacionPorCapturar {
  id: number
  addressId: number
  channel: string
  /** As the platform names them. */
  nombre: string | null
  /** What the person said lately and belongs to no petition, oldest first. */
  textos: string[]
  /** What they sent with it. */
  archivos: Archivo[]
}

/** What was said longer ago is of something else. */
const LATELY_MS = 24 * 3_600_000

const campo = z.object({
  conversacion: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
})

/**
 * The conversation that the form or the address names.
 * @throws {HttpProblem} 404 when there is none, or this user does not attend conversations
 */
export async function conversacionDe(
  em: EntityManager,
  request: FastifyRequest,
  now: Date,
): Promise<ConversacionPorCapturar | undefined> {
  const { conversacion: id } = campo.parse((request.method === 'GET' ? request.query : request.body) ?? {})
  if (id === undefined) return undefined
  const usuario = usuarioDe(request)
  const hilo = veConversaciones(usuario) ? await leerHilo(em, usuario, id) : undefined
  const de = await sqlOne<{ addressId: number; since: Date | null }>(em, DE, [id])
  if (!hilo || !de) throw new HttpProblem(404, 'There is no such conversation.')
  const since = Math.max(now.getTime() - LATELY_MS, de.since?.getTime() ?? 0)
  const dichos = hilo.globos.filter(({ direction, createdAt }) => direction === 'in' && createdAt.getTime() > since)
  const { channel, nombre } = hilo
  return {
    id,
    addressId: de.addressId,
    channel,
    nombre,
    textos: dichos.flatMap(({ body }) => (body.text ? [body.text] : [])),
    archivos: dichos.flatMap(({ archivos }) => archivos.filter(({ status }) => status === 'stored')),
  }
}

/** What the form begins with: the person's own words. */
export const escritoDeConversacion = ({ textos }: ConversacionPorCapturar): Escrito => ({
  descripcion: textos.join('\n').slice(-4000),
})

/** Gives the petition the files that were ticked: only those shown with the form, that belong to no petition yet. */
export async function entregarArchivos(
  em: EntityManager,
  { id, archivos }: ConversacionPorCapturar,
  body: unknown,
  peticionId: number,
): Promise<void> {
  const ticked = [typed(body).de_conversacion ?? []].flat()
  const ids = archivos.map((one) => one.id).filter((one) => ticked.includes(one))
  await sql(
    em,
    `update attachment set peticion_id = $1, uso = 'evidencia'
      where id = any($2::uuid[]) and conversation_id = $3 and peticion_id is null`,
    [peticionId, ids, id],
  )
}

const DE = `
select c.address_id as "addressId", max(p.registrada_at) as since
  from conversation c left join peticion p on p.address_id = c.address_id
 where c.id = $1 group by c.address_id`
