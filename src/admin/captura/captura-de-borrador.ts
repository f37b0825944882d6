import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { type Borrador, bloquearBorrador, quitarBorrador } from '../../workflow/borradores/borradores.ts'
import { DatoInvalido } from '../../workflow/peticion/rechazos.ts'
import type { Registrada } from '../../workflow/peticion/registrar.ts'
import { usuarioDe } from '../guard.ts'
import { borradorConClave } from './borradores.ts'

const campo = z.object({ borrador: z.string().min(1).max(60).optional().catch(undefined) })

/** The draft that a petition is to be made of, when the form or the address names one. @throws {HttpProblem} 404 when it is gone. */
export async function borradorDe(em: EntityManager, request: FastifyRequest): Promise<Borrador | undefined> {
  const { borrador } = campo.parse((request.method === 'GET' ? request.query : request.body) ?? {})
  return borrador === undefined ? undefined : borradorConClave(em, request, borrador)
}

/** The folio that this very form already made of a draft, which then is gone. */
export async function yaCapturado(em: EntityManager, request: FastifyRequest): Promise<string | undefined> {
  const form = z.object({ borrador: z.string(), captura: z.uuid() }).safeParse(request.body ?? {})
  if (!form.success) return undefined
  const row = await sqlOne<{ folio: string }>(
    em,
    'select folio from peticion where captura = $1 and capturada_por = $2',
    [form.data.captura, usuarioDe(request).id],
  )
  return row?.folio
}

/**
 * Registers what was left half told: its pictures go to the petition, and the citizen is not offered it any more. The conversation is
 * locked before the folio's number is taken, as a turn of the chat does.
 * @throws {DatoInvalido} when the citizen went on with it, or somebody else captured it, meanwhile.
 */
export async function registrarBorrador(
  em: EntityManager,
  { conversationId, desde, dicho }: Borrador,
  registrarlo: () => Promise<Registrada>,
): Promise<Registrada> {
  const conversation = await bloquearBorrador(em, conversationId)
  const registrada = await registrarlo()
  const quitado = conversation !== undefined && (await quitarBorrador(em, conversation, desde))
  if (!quitado) throw new DatoInvalido('borrador')
  const ids = (dicho.adjuntos ?? []).map(({ id }) => id)
  await sql(
    em,
    `update attachment set peticion_id = $1, uso = 'evidencia'
      where id::text = any($2) and conversation_id = $3 and peticion_id is null`,
    [registrada.peticionId, ids, conversationId],
  )
  return registrada
}
