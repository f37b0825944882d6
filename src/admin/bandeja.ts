import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { buscarPeticiones, contarPorEstado, TOPE } from '../workflow/buscar.ts'
import { nombreDeMedio } from '../workflow/municipio.ts'
import { CAJONES, contarNovedades, estadosDe, ordenDe, pestanasDe, primerCajon, ultimaPeticion } from './cajones.ts'
import { usuarioDe } from './guard.ts'
import type { Panel } from './panel.ts'

const query = z.object({
  estado: z.enum(CAJONES).optional().catch(undefined),
  q: z.string().trim().max(100).catch(''),
  despues: z.string().max(40).optional().catch(undefined),
})

const novedadesQuery = z.object({
  desde: z.iso.datetime().transform((at) => new Date(at)),
  ultima: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  estado: z.enum(CAJONES).optional().catch(undefined),
})

/** The tray: the petitions in reach, by state. */
export function bandejaRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin', { config: { acceso: 'todos' } }, (request, reply) => showBandeja(panel, request, reply))
  // Asked for by an open page when something changed: the counts, and how many are news to it.
  app.get('/admin/novedades', { config: { acceso: 'todos', fondo: true } }, async (request, reply) => {
    const { desde, ultima, estado } = novedadesQuery.parse(request.query)
    const em = panel.database.fork()
    const usuario = usuarioDe(request)
    const cajones = pestanasDe(usuario, await contarPorEstado(em, usuario), estado)
    const novedades = await contarNovedades(em, usuario, { at: desde, id: ultima })
    return panel.pages.show(request, reply, '_novedades', { cajones, novedades, tope: TOPE })
  })
}

async function showBandeja(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { database, municipio, now, pages } = panel
  const { q, despues: cursor, estado } = query.parse(request.query)
  const usuario = usuarioDe(request)
  const em = database.fork()
  const visto = { at: now(), id: await ultimaPeticion(em) }
  const cuentas = await contarPorEstado(em, usuario)
  const abierto = estado ?? primerCajon(usuario, cuentas)
  const filtro = q ? { q, cursor } : { estados: estadosDe(abierto), orden: ordenDe(abierto), cursor }
  return pages.show(request, reply, 'bandeja', {
    ...(await buscarPeticiones(em, usuario, filtro, municipio.folio.prefijo)),
    q,
    visto,
    abierto,
    primeraPagina: cursor === undefined,
    cajones: pestanasDe(usuario, cuentas, q ? undefined : abierto),
    tope: TOPE,
    porVencerDias: municipio.plazos.por_vencer_dias,
    variasDependencias: usuario.roles.some((rol) => rol !== 'enlace'),
    medio: (codigo: string) => nombreDeMedio(municipio, codigo),
  })
}
