import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { mandarLiga } from './correo-de-liga.ts'
import { HORAS_DE_LIGA, hacerLiga, motivoPara } from './ligas.ts'
import { quitarSegundoPaso } from './segundo-paso.ts'
import { cerrar } from './sesiones.ts'
import { type Autor, Usuario } from './usuario.ts'

const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const config = { acceso: SECCIONES.usuarios.acceso }

/** What an administrador does for another's access: a link, ending sessions, taking off the second step of who lost the phone. */
export function usuarioAccesoRoutes(app: FastifyInstance, panel: Panel): void {
  app.post('/admin/usuarios/:id/liga', { config }, async (request, reply) => {
    const usuario = await findUsuario(panel, request)
    if (usuario.disabledAt) throw new HttpProblem(409, 'Let the person in first.')
    return showLiga(panel, request, reply, usuario)
  })
  app.post('/admin/usuarios/:id/sesiones', { config }, async (request, reply) => {
    const { id } = await findUsuario(panel, request)
    await cerrar(panel, request, id)
    return reply.redirect(`/admin/usuarios/${id}#sesiones`, 303)
  })
  app.post('/admin/usuarios/:id/segundo-paso', { config }, async (request, reply) => {
    const { id } = await findUsuario(panel, request)
    // One's own asks for the password, on the own page.
    if (id === usuarioDe(request).id) return reply.redirect('/admin/cuenta/segundo-paso', 303)
    await quitarSegundoPaso(panel.database.fork(), id, autorDe(request))
    return reply.redirect(`/admin/usuarios/${id}`, 303)
  })
}

/** Makes a link for this person and shows it, this once, to be handed over. */
export async function showLiga(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  usuario: Usuario,
): Promise<FastifyReply> {
  const motivo = motivoPara(usuario)
  const token = await hacerLiga(panel.database.fork(), usuario.id, motivo, autorDe(request))
  const liga = `${panel.publicUrl}/admin/acceso/${token}`
  return panel.pages.show(request, reply, 'usuario-liga', {
    persona: usuario,
    liga,
    motivo,
    horas: HORAS_DE_LIGA[motivo],
    mandada: await mandarLiga(panel, usuario, { liga, motivo }),
  })
}

/** The user the address names. @throws {HttpProblem} 404 when there is none. */
export async function findUsuario({ database }: Panel, request: FastifyRequest): Promise<Usuario> {
  const { id } = params.parse(request.params)
  const usuario = await database.fork().findOne(Usuario, id)
  if (!usuario) throw new HttpProblem(404, 'There is no such user.')
  return usuario
}

const autorDe = (request: FastifyRequest): Autor => ({ usuarioId: usuarioDe(request).id, ip: request.ip })
