import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DateTime } from 'luxon'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { TOPE } from '../../workflow/peticion/buscar.ts'
import { ACTOS, DIAS_PARA_PRIVADO } from '../../workflow/redes/acto.ts'
import { auditLook } from '../audit.ts'
import type { Panel } from '../deps.ts'
import type { Errores, Escrito } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { leerComentario } from './redes-comentario.ts'
import {
  contarNuevos,
  contarRedes,
  type FiltroDeRedes,
  folioEnAlcance,
  leerCarga,
  leerCuentas,
  leerRedes,
  ultimoComentario,
  VISTAS,
} from './redes-consulta.ts'
import { destinosDe, plantillasDe } from './redes-textos.ts'

const config = { acceso: SECCIONES.redes.acceso }
const fondo = { ...config, fondo: true }

const cuenta = z
  .string()
  .regex(/^[a-z-]{1,30}\/[a-z0-9-]{1,40}$/)
  .transform((text) => {
    const [channel = '', account = ''] = text.split('/')
    return { channel, account }
  })
const filtro = z.object({
  ver: z.enum(VISTAS).catch('sin_atender'),
  cuenta: cuenta.optional().catch(undefined),
  despues: z.string().max(40).optional().catch(undefined),
})
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

/** Id of the comment in the address. */
export const comentarioIdDe = (request: FastifyRequest): number => params.parse(request.params).id

/** The tray of what is said in public on the town's pages, and one of them. */
export function redesRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, pages } = panel
  app.get('/admin/redes', { config }, (request, reply) => showRedes(panel, request, reply))
  // Asked for by an open page when something changed: the counts, and how many are news to it.
  app.get('/admin/redes/novedades', { config: fondo }, async (request, reply) => {
    const { ultimo } = z.object({ ultimo: z.coerce.number().int().min(0).catch(0) }).parse(request.query)
    const em = database.fork()
    const buscado = filtroDe(request)
    const novedades = await contarNuevos(em, buscado, ultimo)
    return pages.show(request, reply, '_redes-novedades', { novedades, ...(await pestanas(panel, buscado)) })
  })
  app.get('/admin/redes/:id', { config }, (request, reply) => showComentario(panel, request, reply))
  app.get('/admin/redes/:id/cambios', { config: fondo }, async (request, reply) => {
    const { visto } = z.object({ visto: z.string().max(60).catch('') }).parse(request.query)
    const leido = await leerComentario(database.fork(), comentarioIdDe(request))
    if (!leido) throw new HttpProblem(404, 'There is no such comment.')
    return pages.show(request, reply, '_redes-cambios', { cambio: marcaDe(leido) !== visto })
  })
}

function filtroDe(request: FastifyRequest): FiltroDeRedes {
  const { ver, ...rest } = filtro.parse(request.query)
  return { vista: ver, ...rest }
}

async function pestanas({ database }: Panel, { vista, cuenta }: FiltroDeRedes) {
  const totales = await contarRedes(database.fork(), cuenta)
  const elegida = cuenta ? `${cuenta.channel}/${cuenta.account}` : ''
  return {
    vistas: VISTAS.map((one) => ({ vista: one, total: totales[one], aqui: one === vista })),
    elegida,
    tope: TOPE,
  }
}

async function showRedes(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const em = panel.database.fork()
  const buscado = filtroDe(request)
  const ultimo = await ultimoComentario(em)
  const hoy = DateTime.fromJSDate(panel.now(), { zone: panel.municipio.zona_horaria }).startOf('day').toJSDate()
  return panel.pages.show(request, reply, 'redes', {
    ...(await leerRedes(em, buscado)),
    ...(await pestanas(panel, buscado)),
    vista: buscado.vista,
    primeraPagina: buscado.despues === undefined,
    cuentas: await leerCuentas(em),
    carga: await leerCarga(em, hoy),
    ultimo,
  })
}

/** A form that came back with something to correct. */
export interface ActoFallido {
  acto: string
  errores: Errores
  escrito: Escrito
}

type Leido = NonNullable<Awaited<ReturnType<typeof leerComentario>>>

/** Changes with whatever the page shows. */
const marcaDe = ({ revisiones, actos, vecinos }: Leido) =>
  [revisiones.length, vecinos.length, ...actos.map(({ estado }) => estado.charAt(0))].join('-').slice(0, 60)

/** The whole page of one comment, with the form that failed, if one did. */
export async function showComentario(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  fallido?: ActoFallido,
  status = 200,
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const id = comentarioIdDe(request)
  const leido = await leerComentario(em, id)
  if (!leido) throw new HttpProblem(404, 'There is no such comment.')
  await auditLook(em, request, { action: 'comentario.ver', objectType: 'comentario', objectId: id })
  const { c } = leido
  const peticion = c.peticionId === null ? null : await folioEnAlcance(em, usuario, c.peticionId)
  const query = z.object({ hecho: z.string().max(30).optional().catch(undefined) }).parse(request.query ?? {})
  return panel.pages.show(
    request,
    reply,
    'redes-comentario',
    {
      ...leido,
      ...ofertaDe(panel, leido),
      ...plantillasDe(panel, request, peticion),
      destinos: destinosDe(panel, c),
      peticion,
      fallido,
      hecho: [...ACTOS.map(String), ...COMPROBADOS, ...FALLADOS].includes(query.hecho ?? '') ? query.hecho : undefined,
      marca: marcaDe(leido),
      conversacion: c.conversationId,
      solicitud: () => randomUUID(),
    },
    status,
  )
}

const COMPROBADOS = ['salio', 'no_salio', 'espere', 'no_se_puede']
const FALLADOS = ['fallido', 'ambiguo', 'repetido']

/** What may be done with it now. */
function ofertaDe({ channelOf, now }: Panel, { c, actos }: Leido) {
  const posts = channelOf(c.channel, c.account)?.publicPosts
  const ref = { id: c.externalId, kind: c.kind }
  const queda = c.publicadoAt.getTime() + DIAS_PARA_PRIVADO * 86_400_000 - now().getTime()
  const privado = actos.find(({ acto, estado }) => acto === 'privado' && (estado === 'hecho' || estado === 'en_curso'))
  const aqui = posts !== undefined && c.borradoAt === null
  return {
    apagada: posts === undefined,
    puede: {
      responder: aqui && posts.may('reply', ref),
      privado: aqui && posts.may('replyPrivately', ref) && !privado && queda > 0,
      ocultar: aqui && posts.may('hide', ref),
    },
    privadoHecho: privado !== undefined,
    privadoTarde: queda <= 0,
    largo: posts?.longest ?? { reply: 300, replyPrivately: 500 },
    dudosas: actos.filter(({ acto, estado }) => (acto === 'responder' || acto === 'invitar') && estado === 'ambiguo'),
  }
}
