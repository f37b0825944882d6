import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../runtime/http.ts'
import type { UsuarioActor } from '../workflow/actor.ts'
import { avisarAparte, deshacerAvisado, leerAvisados } from '../workflow/avisos/avisado-aparte.ts'
import { contarNoEnterados, leerNoEnterados, TOPE_NO_ENTERADOS } from '../workflow/avisos/no-enterados.ts'
import { nombreDeMedio } from '../workflow/catalogo/municipio.ts'
import { FueraDeAlcance } from '../workflow/peticion/rechazos.ts'
import { auditBy } from './audit.ts'
import { showsAPage } from './avisos/campana.ts'
import { veConversaciones } from './conversaciones/hilo-permiso.ts'
import type { Panel } from './deps.ts'
import { type Form, linea, readForm } from './form.ts'
import { usuarioDe } from './guard.ts'
import { SECCIONES } from './menu.ts'
import { folioDe } from './peticion/detalle.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Petitions whose citizen was not reached, for the menu; undefined for whoever has no such tray. */
    noEnterados: number | undefined
  }
}

const config = { acceso: SECCIONES.no_enterados.acceso }
const veNoEnterados = ({ roles }: UsuarioActor) => config.acceso.some((rol) => roles.includes(rol))

const hasta = z.coerce.number({ error: 'falta' }).int().min(0).max(Number.MAX_SAFE_INTEGER)
const forma = z.object({ nota: linea(500), hasta_message: hasta, hasta_outbox: hasta })
type Marca = z.output<typeof forma>

/** Citizens who do not know: what did not reach them, what to do, and that they were told otherwise. */
export function noEnteradosRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, now } = panel
  app.decorateRequest('noEnterados', undefined)
  app.addHook('preHandler', async (request) => {
    if (request.sesion && showsAPage(request) && veNoEnterados(request.sesion.usuario))
      request.noEnterados = await contarNoEnterados(database.fork(), request.sesion.usuario)
  })
  app.get('/admin/no-enterados', { config }, (request, reply) => show(panel, request, reply))
  app.post('/admin/no-enterados/:folio/avisado', { config }, async (request, reply) => {
    const folio = folioDe(request)
    const form = readForm(forma, request.body)
    if (!form.ok) return show(panel, request, reply, { folio, form })
    const { nota, hasta_message: hastaMessage, hasta_outbox: hastaOutbox } = form.datos
    await dentro(panel, (em) => avisarAparte(em, folio, usuarioDe(request), { nota, hastaMessage, hastaOutbox }, now()))
    return reply.redirect('/admin/no-enterados?hecho=avisado', 303)
  })
  app.post('/admin/no-enterados/:folio/deshacer', { config }, async (request, reply) => {
    const done = await dentro(panel, (em) => deshacerAvisado(em, folioDe(request), usuarioDe(request), now()))
    return reply.redirect(`/admin/no-enterados?hecho=${done ? 'deshecho' : 'ya_no'}`, 303)
  })
}

/** @throws {HttpProblem} 404 for a petition out of reach, as for one that is not there. */
async function dentro<T>({ database }: Panel, work: (em: EntityManager) => Promise<T>): Promise<T> {
  try {
    return await database.fork().transactional(work)
  } catch (error) {
    if (error instanceof FueraDeAlcance) throw new HttpProblem(404, 'There is no such petition within your reach.')
    throw error
  }
}

async function show(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  fallida?: { folio: string; form: Form<Marca> },
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const { hecho } = z
    .object({ hecho: z.enum(['avisado', 'deshecho', 'ya_no']).optional().catch(undefined) })
    .parse(request.query)
  // Names and telephones are on it.
  await auditBy(em, request, { action: 'no_enterados.ver' })
  const faltan = await leerNoEnterados(em, usuario)
  const data = {
    faltan,
    avisados: await leerAvisados(em, usuario, panel.now()),
    medio: (codigo: string) => nombreDeMedio(panel.municipio, codigo),
    escribe: veConversaciones(usuario),
    reintenta: SECCIONES.pendientes.acceso.some((rol) => usuario.roles.includes(rol)),
    tope: faltan.length === TOPE_NO_ENTERADOS,
    fallida: fallida && !fallida.form.ok ? { folio: fallida.folio, ...fallida.form } : undefined,
    hecho,
  }
  return panel.pages.show(request, reply, 'no-enterados', data, fallida ? 422 : 200)
}
