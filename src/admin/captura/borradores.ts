import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { sql } from '../../runtime/sql.ts'
import {
  type Borrador,
  bloquearBorrador,
  leerBorradores,
  quitarBorrador,
} from '../../workflow/borradores/borradores.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import type { Escrito } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'

const config = { acceso: SECCIONES.borradores.acceso }
const HORA = 3_600_000

/** What names a draft in addresses and forms: its conversation, and since when it was told in milliseconds. */
export const claveDe = ({ conversationId, desde }: Pick<Borrador, 'conversationId' | 'desde'>): string =>
  `${conversationId}_${Date.parse(desde)}`

/** The tray Borradores: petitions that citizens left half told. */
export function borradoresRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, pages, municipio, now } = panel
  app.get('/admin/borradores', { config }, async (request, reply) => {
    const { borrador_abandonado_horas: horas } = municipio.conversacion
    const { hecho } = z.object({ hecho: z.literal('descartar').optional().catch(undefined) }).parse(request.query ?? {})
    const borradores = await leerBorradores(database.fork(), {
      antes: new Date(now().getTime() - horas * HORA),
      reservadas: usuarioDe(request).roles.includes('validador'),
    })
    return pages.show(request, reply, 'borradores', {
      borradores: borradores.map((one) => ({
        ...one,
        clave: claveDe(one),
        canal: nombreDeMedio(municipio, one.channel),
      })),
      categorias: await nombresDeCategorias(database.fork()),
      horas,
      dias: municipio.conversacion.borrador_borrar_dias,
      hecho,
    })
  })
  app.post('/admin/borradores/:clave/descartar', { config }, async (request, reply) => {
    const { clave } = z.object({ clave: z.string().max(60) }).parse(request.params)
    await database.fork().transactional(async (em) => {
      const borrador = await borradorConClave(em, request, clave)
      const conversation = await bloquearBorrador(em, borrador.conversationId)
      if (conversation) await quitarBorrador(em, conversation, borrador.desde)
      await auditBy(em, request, {
        action: 'borrador.descartar',
        objectType: 'conversation',
        objectId: borrador.conversationId,
      })
    })
    return reply.redirect('/admin/borradores?hecho=descartar', 303)
  })
}

/** Names of all categories, by id. */
export async function nombresDeCategorias(em: EntityManager): Promise<Record<string, string>> {
  const rows = await sql<{ id: string; nombre: string }>(em, 'select id, nombre from categoria')
  return Object.fromEntries(rows.map(({ id, nombre }) => [id, nombre]))
}

/** The draft with this name. @throws {HttpProblem} 404 when it is gone, or not for this user. */
export async function borradorConClave(em: EntityManager, request: FastifyRequest, clave: string): Promise<Borrador> {
  const { roles } = usuarioDe(request)
  const [, id] = /^(\d{1,15})_\d{1,15}$/.exec(clave) ?? []
  const ve = SECCIONES.borradores.acceso.some((rol) => roles.includes(rol))
  const suyos =
    id && ve
      ? await leerBorradores(em, {
          antes: new Date(8.64e15),
          conversationId: Number(id),
          reservadas: roles.includes('validador'),
        })
      : []
  const found = suyos.find((one) => claveDe(one) === clave)
  if (!found) throw new HttpProblem(404, 'There is no such draft within your reach.')
  return found
}

const DATOS = ['nombre', 'telefono', 'email', 'colonia', 'calle', 'numero', 'referencias'] as const

/** What the form of capture begins with: everything that was said. */
export function escritoDeBorrador({ dicho, respuestas, channel }: Borrador): Escrito {
  const datos = DATOS.flatMap((dato) => (dicho[dato] ? [[`dato_${dato}`, dicho[dato]] as const] : []))
  const preguntas = Object.entries(respuestas).map(([id, value]) => [`pregunta_${id}`, value] as const)
  return {
    medio: channel,
    descripcion: dicho.descripcion || (dicho.asunto ?? ''),
    ...Object.fromEntries([...datos, ...preguntas]),
  }
}
