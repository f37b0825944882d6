import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { ActoRechazado } from '../../workflow/redes/acto.ts'
import { type ComentarioPorCapturar, porCapturar } from '../../workflow/redes/capturar.ts'
import type { Escrito } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'

const campo = z.object({
  comentario: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
})

/**
 * The comment that a petition is to be made of, when the form or the address names one.
 * @throws {HttpProblem} 404 when there is none, or this user does not attend the social networks
 */
export async function comentarioDe(
  em: EntityManager,
  request: FastifyRequest,
): Promise<ComentarioPorCapturar | undefined> {
  const { comentario: id } = campo.parse((request.method === 'GET' ? request.query : request.body) ?? {})
  if (id === undefined) return undefined
  const { roles } = usuarioDe(request)
  const attends = SECCIONES.redes.acceso.some((rol) => roles.includes(rol))
  try {
    if (attends) return await porCapturar(em, id)
  } catch (error) {
    if (!(error instanceof ActoRechazado)) throw error
  }
  throw new HttpProblem(404, 'There is no such comment within your reach.')
}

/** What the form begins with: the person's own words, and the name they go by where it is one. */
export const escritoDe = ({ texto, autor, channel }: ComentarioPorCapturar): Escrito => ({
  descripcion: texto ?? '',
  ...(channel === 'messenger' && autor && { dato_nombre: autor }),
})

/** The form as if its medio had been chosen; who spoke in public cannot be made anonymous afterwards. */
export function conMedio(body: unknown, dicho: Pick<ComentarioPorCapturar, 'medio'> | undefined): unknown {
  if (!dicho) return body
  const { anonima, ...rest } = z.looseObject({ anonima: z.unknown().optional() }).parse(body ?? {})
  return { ...rest, medio: dicho.medio }
}
