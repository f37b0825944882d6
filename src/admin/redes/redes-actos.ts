import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import type { Pedido } from '../../workflow/redes/abrir-acto.ts'
import { type Acto, ActoRechazado } from '../../workflow/redes/acto.ts'
import { comprobarRespuesta, hacerActo } from '../../workflow/redes/hacer-acto.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { readForm, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { comentarioIdDe, showComentario } from './redes.ts'
import { leerComentario } from './redes-comentario.ts'
import { destinosDe, invitacion } from './redes-textos.ts'

const config = { acceso: SECCIONES.redes.acceso }

/** Acts with a form of their own; turning into a petition has its page. */
const DEL_PANEL = ['responder', 'invitar', 'privado', 'ocultar', 'mostrar', 'borrar', 'atender', 'reabrir'] as const

const numero = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().catch(undefined)
const forma = z.object({
  solicitud: z.uuid('captura'),
  texto: z.string().trim().max(8000, 'largo').optional(),
  a: z.string().max(30).optional(),
  visto: numero,
  sobre: numero,
  aunque: z.literal('si').optional().catch(undefined),
})

/** One route for each act: /admin/redes/:id/<acto>. */
export function redesActosRoutes(app: FastifyInstance, panel: Panel): void {
  for (const acto of DEL_PANEL) {
    app.post(`/admin/redes/:id/${acto}`, { config }, (request, reply) => actuar(panel, acto, request, reply))
  }
  app.post('/admin/redes/:id/comprobar', { config }, (request, reply) => comprobar(panel, request, reply))
}

async function actuar(
  panel: Panel,
  acto: Exclude<Acto, 'capturar'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const id = comentarioIdDe(request)
  const again = (errores: Record<string, string>, status = 422) =>
    showComentario(panel, request, reply, { acto, errores, escrito: typed(request.body) }, status)
  const form = readForm(forma, request.body)
  if (!form.ok) return again(form.errores)
  const { aunque, a, texto, ...rest } = form.datos
  const dicho = acto === 'invitar' ? await invitacionA(panel, id, a) : texto
  const usuarioId = usuarioDe(request).id
  const pedido: Pedido = { ...rest, acto, comentarioId: id, usuarioId, texto: dicho, aunque: aunque === 'si' }
  try {
    const { estado } = await hacerActo(panel, pedido, (em) =>
      auditBy(em, request, { action: `comentario.${acto}`, objectType: 'comentario', objectId: id }),
    )
    return reply.redirect(`/admin/redes/${id}?hecho=${estado === 'hecho' ? acto : estado}`, 303)
  } catch (error) {
    return refuse(error, again)
  }
}

/** A refusal comes back as the same page, with what was typed. */
function refuse(error: unknown, again: (errores: Record<string, string>, status?: number) => Promise<FastifyReply>) {
  if (!(error instanceof ActoRechazado)) throw error
  if (error.motivo === 'no_existe') throw new HttpProblem(404, 'There is no such comment.')
  if (error.motivo === 'falta' || error.motivo === 'largo') return again({ texto: error.motivo })
  return again({ forma: `redes_${error.motivo}` }, 409)
}

/** The invitation to one of the places that are offered; nothing for any other. */
async function invitacionA(panel: Panel, id: number, clave: string | undefined): Promise<string | undefined> {
  const leido = await leerComentario(panel.database.fork(), id)
  const destino = leido && destinosDe(panel, leido.c).find((one) => one.clave === clave)
  return destino && invitacion(panel, destino)
}

async function comprobar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const id = comentarioIdDe(request)
  const { sobre = 0 } = z.object({ sobre: numero }).parse(request.body ?? {})
  try {
    const found = await comprobarRespuesta(panel, id, sobre)
    return reply.redirect(`/admin/redes/${id}?hecho=${found}`, 303)
  } catch (error) {
    return refuse(error, (errores, status) =>
      showComentario(panel, request, reply, { acto: 'comprobar', errores, escrito: {} }, status),
    )
  }
}
