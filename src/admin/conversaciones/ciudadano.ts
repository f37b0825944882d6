import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { sqlOne } from '../../runtime/sql.ts'
import type { Rol } from '../../workflow/actor.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { personaDeAddress } from '../../workflow/personas/ciudadano.ts'
import { auditLook } from '../audit.ts'
import type { Panel } from '../deps.ts'
import type { Errores, Escrito } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { leerPersona, type PersonaDetallada, posiblesMismas, unionesDe } from './ciudadano-consulta.ts'
import { veConversaciones } from './hilo-permiso.ts'

/** Who may look a person up. */
export const VEN_PERSONAS: readonly Rol[] = ['capturista', 'comunicacion', 'validador', 'administrador']
/** Who may say that two are one. */
export const UNEN_PERSONAS: readonly Rol[] = ['validador', 'administrador']

const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

/** The id of the address. */
export const idDe = (request: FastifyRequest): number => params.parse(request.params).id

/** A person with their addresses, petitions and conversations, and who may be the same one. */
export function ciudadanoRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/ciudadanos/:id', { config: { acceso: VEN_PERSONAS } }, (request, reply) =>
    showCiudadano(panel, request, reply),
  )
  // A person is made when somebody asks for the one of a conversation, so that having one tells nothing of petitions.
  app.post(
    '/admin/conversaciones/:id/persona',
    { config: { acceso: SECCIONES.conversaciones.acceso } },
    async (request, reply) => {
      const id = await panel.database.fork().transactional(async (em) => {
        const row = await sqlOne<{ addressId: number }>(
          em,
          'select address_id as "addressId" from conversation where id = $1',
          [idDe(request)],
        )
        if (!row) throw new HttpProblem(404, 'There is no such conversation.')
        return personaDeAddress(em, row.addressId, panel.now())
      })
      return reply.redirect(`/admin/ciudadanos/${id}`, 303)
    },
  )
}

/** A form of the page that came back with something to correct. */
export interface FormaFallida {
  errores: Errores
  escrito: Escrito
}

/** The page; with what failed in one of its forms, if one did. */
export async function showCiudadano(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  fallida?: FormaFallida,
  status = 200,
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const persona = await leerPersona(em, usuario, idDe(request))
  const { id } = persona
  if (request.method === 'GET' && id !== idDe(request)) return reply.redirect(`/admin/ciudadanos/${id}`, 303)
  await auditLook(em, request, { action: 'ciudadano.ver', objectType: 'ciudadano', objectId: id })
  const une = UNEN_PERSONAS.some((rol) => usuario.roles.includes(rol))
  const { hecho } = z
    .object({ hecho: z.enum(['unir', 'separar']).optional().catch(undefined) })
    .parse(request.query ?? {})
  const data = {
    ...vista(panel, persona),
    conversa: veConversaciones(usuario),
    une,
    parecidas: une ? await posiblesMismas(em, usuario, id) : [],
    uniones: await unionesDe(em, id),
    fallida,
    hecho,
  }
  return panel.pages.show(request, reply, 'ciudadano', data, status)
}

/** What every view of a person is given. */
export const vista = ({ municipio }: Panel, persona: PersonaDetallada) => ({
  persona,
  medio: (codigo: string) => nombreDeMedio(municipio, codigo),
})
