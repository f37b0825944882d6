import type { FastifyReply, FastifyRequest } from 'fastify'
import { anotarEnBorrador, type Borrador } from '../../workflow/configuracion/borrador.ts'
import type { Cambio } from '../../workflow/configuracion/cambios.ts'
import type { Panel } from '../deps.ts'
import type { Errores } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { miBorrador } from './leer.ts'

/** Where a draft is looked through and published. */
export const URL_BORRADOR = '/admin/configuracion/borrador'

/** Must it first be decided what becomes of changes that somebody else made too? Forms ask, and keep what was typed. */
export const chocan = ({ choques }: Pick<Borrador, 'choques'>): boolean => choques.length > 0

/** Of a form that comes back. */
export const statusDe = ({ forma }: Errores): number => (forma === 'choques' ? 409 : 422)

/**
 * Puts changes into one's draft and goes on to `luego`, by itself the draft; it is checked as a whole before it is published, as one
 * change may need another. While the draft has changes that collide nothing is put there, and one is sent to decide those.
 */
export async function anotar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  { cambios, luego = URL_BORRADOR }: { cambios: readonly Cambio[]; luego?: string },
): Promise<FastifyReply> {
  if (chocan(await miBorrador(panel, request))) return reply.redirect(`${URL_BORRADOR}?antes=choques`, 303)
  await panel.database.fork().transactional((em) => anotarEnBorrador(em, usuarioDe(request).id, cambios))
  return reply.redirect(luego, 303)
}
