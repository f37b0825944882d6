import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { DatoInvalido, FueraDeAlcance, Rechazo } from '../../workflow/peticion/rechazos.ts'
import { responder } from '../../workflow/peticion/verbos/responder.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { type Envio, tomarEnvio } from '../envio.ts'
import { type Errores, linea, readForm, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { folioDe, showDetalle } from './detalle.ts'
import { leerPeticion } from './detalle-consulta.ts'

/** A reply as long as the panel's field lets one be; channels split it. */
export const respuesta = z.object({ texto: linea(1500) })

/** Answering the citizen from their petition. */
export function responderRoutes(app: FastifyInstance, panel: Panel): void {
  app.post('/admin/peticiones/:folio/responder', { config: { acceso: 'todos' } }, async (request, reply) => {
    const form = readForm(respuesta, request.body)
    if (!form.ok) return again(panel, request, reply, form.errores)
    try {
      const envio = await answer(panel, request, form.datos.texto)
      if (envio === 'distinto') return again(panel, request, reply, { forma: 'envio_distinto' }, 409)
    } catch (error) {
      if (error instanceof FueraDeAlcance) throw new HttpProblem(404, 'There is no such petition within your reach.')
      if (error instanceof DatoInvalido) return again(panel, request, reply, { texto: `falta_${error.falta}` })
      if (error instanceof Rechazo) return again(panel, request, reply, { forma: 'no_permitido' }, 409)
      throw error
    }
    return reply.redirect(`/admin/peticiones/${folioDe(request)}?hecho=responder#conversacion`, 303)
  })
}

/** Sends it, unless this very form was sent before. */
async function answer(panel: Panel, request: FastifyRequest, texto: string): Promise<Envio> {
  const { database, mensajes, secretKey, publicUrl, outbox, pipeline } = panel
  const actor = usuarioDe(request)
  const p = await leerPeticion(database.fork(), actor, folioDe(request))
  const hecho = await database.fork().transactional(async (em) => {
    const envio = await tomarEnvio(em, request, panel.now())
    if (envio !== 'nuevo') return { envio, conversationId: null }
    const ctx = { ahora: panel.now(), mensajes, secretKey, publicUrl, enviar: outbox.enviar }
    const respondido = await responder(em, p.id, actor, { texto }, ctx)
    await auditBy(em, request, {
      action: 'peticion.responder',
      objectType: 'peticion',
      objectId: p.folio,
    })
    return { envio, conversationId: respondido.conversationId }
  })
  if (hecho.conversationId !== null) pipeline.wakeSend(hecho.conversationId)
  return hecho.envio
}

function again(panel: Panel, request: FastifyRequest, reply: FastifyReply, errores: Errores, status = 422) {
  return showDetalle(panel, request, reply, { verbo: 'responder', errores, escrito: typed(request.body) }, status)
}
