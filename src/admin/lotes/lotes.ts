import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { publish } from '../../runtime/events.ts'
import { HttpProblem } from '../../runtime/http.ts'
import type { Rol } from '../../workflow/actor.ts'
import {
  crearLote,
  type DatosDeLote,
  type Lote,
  leerLote,
  MINUTOS_PARA_DESHACER,
  pedirDeshacer,
  resultadosDe,
  TOPE_DE_LOTE,
  type VerboEnBloque,
} from '../../workflow/lotes/lote.ts'
import { seguirLote } from '../../workflow/lotes/seguir-lote.ts'
import { auditBy } from '../audit.ts'
import { estadosDe, ordenDe } from '../bandeja/cajones.ts'
import { filtra, filtroDe, leerConsulta, marcoDe, textoDeConsulta } from '../bandeja/filtros.ts'
import type { Panel } from '../deps.ts'
import type { Errores, Escrito } from '../form.ts'
import { typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { avanceDe } from './lote-avance.ts'
import { destinosDeLote, elegiblesDe, ofertasDe, primerasDe } from './lote-consulta.ts'
import { leerActo, leerElegidas } from './lote-forma.ts'

/** Who moves petitions, or writes notes on them. */
export const ACTUAN_EN_BLOQUE = [
  'enlace',
  'titular',
  'capturista',
  'comunicacion',
  'validador',
] as const satisfies readonly Rol[]

/** Milliseconds that a page waits for its act; what is left is gone on with behind it. */
const PACIENCIA = 1_500

const config = { acceso: ACTUAN_EN_BLOQUE }
const eleccion = z.object({ todas: z.literal('si').optional().catch(undefined) })

/** One act on many petitions: chosen in the tray, said once, each one's outcome told, and taken back for some minutes. */
export function lotesRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/lotes/nuevo', { config }, (request, reply) => preguntar(panel, request, reply))
  app.post('/admin/lotes', { config }, (request, reply) => hacer(panel, request, reply))
  app.get('/admin/lotes/:id', { config }, async (request, reply) => {
    const avance = avanceDe(await suyo(panel, request), await resultadosDe(panel.database.fork(), idDe(request)), panel)
    return panel.pages.show(request, reply, 'lote', { ...avance })
  })
  app.get('/admin/lotes/:id/avance', { config: { ...config, fondo: true } }, async (request, reply) => {
    const avance = avanceDe(await suyo(panel, request), await resultadosDe(panel.database.fork(), idDe(request)), panel)
    return panel.pages.show(request, reply, '_lote-avance', { ...avance })
  })
  app.post('/admin/lotes/:id/deshacer', { config }, (request, reply) => deshacer(panel, request, reply))
}

const idDe = (request: FastifyRequest): string =>
  z.object({ id: z.uuid() }).safeParse(request.params).data?.id ?? '00000000-0000-0000-0000-000000000000'

/** @throws {HttpProblem} 404 for another's. */
async function suyo({ database }: Panel, request: FastifyRequest): Promise<Lote> {
  const lote = await leerLote(database.fork(), idDe(request))
  if (lote?.usuarioId !== usuarioDe(request).id) throw new HttpProblem(404, 'There is no such act of yours.')
  return lote
}

/** What is chosen, and what may be done to it. */
async function preguntar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const { todas } = eleccion.parse(request.query)
  const consulta = leerConsulta(request.query)
  const orden = consulta.estado && !filtra(consulta) ? ordenDe(consulta.estado) : undefined
  const filtro = { ...filtroDe(consulta), estados: consulta.estado && estadosDe(consulta.estado) }
  const elegidas = todas
    ? await primerasDe(em, usuario, filtro, marcoDe(panel), orden)
    : { ids: leerElegidas(request.query).map(({ id }) => id), hayMas: false }
  return showForma(panel, request, reply, elegidas.ids, { hayMas: elegidas.hayMas, texto: textoDeConsulta(consulta) })
}

async function showForma(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  ids: readonly number[],
  mas: { hayMas?: boolean; texto?: string; errores?: Errores; escrito?: Escrito; verbo?: VerboEnBloque } = {},
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const elegidas = await elegiblesDe(em, usuarioDe(request), ids.slice(0, TOPE_DE_LOTE))
  const ofertas = ofertasDe(usuarioDe(request), elegidas)
  const dirige = ofertas.some(({ verbo }) => verbo === 'canalizar' || verbo === 'recanalizar')
  return panel.pages.show(
    request,
    reply,
    'lote-nuevo',
    {
      elegidas,
      ofertas,
      clave: randomUUID(),
      tope: TOPE_DE_LOTE,
      minutos: MINUTOS_PARA_DESHACER,
      ...(dirige ? await destinosDeLote(em) : { dependencias: [], enlaces: [] }),
      ...mas,
    },
    mas.errores ? 422 : 200,
  )
}

/** Writes it down under the key of the form, begins it, and leads to what comes of it; the same form again leads there too. */
async function hacer(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const elegidas = leerElegidas(request.body)
  const acto = leerActo(request.body)
  const ids = elegidas.map(({ id }) => id)
  if (!acto.ok) {
    return showForma(panel, request, reply, ids, { errores: acto.errores, escrito: typed(request.body), ...acto.de })
  }
  const { clave: id, verbo, datos } = acto
  const usuario = usuarioDe(request)
  const alcanzables = new Set((await elegiblesDe(panel.database.fork(), usuario, ids)).map((one) => one.id))
  const suyas = elegidas.filter((one) => alcanzables.has(one.id)).slice(0, TOPE_DE_LOTE)
  if (suyas.length === 0) return showForma(panel, request, reply, [], { errores: { forma: 'elija' } })
  await panel.database.fork().transactional(async (em) => {
    if (!(await crearLote(em, { id, usuarioId: usuario.id, verbo, datos, ahora: panel.now() }, suyas))) return
    const detail = { verbo, total: suyas.length, ...sinPalabras(datos) }
    await auditBy(em, request, {
      action: 'lote.hacer',
      objectType: 'lote',
      objectId: id,
      detail,
    })
  })
  await empezar(panel, id)
  return reply.redirect(`/admin/lotes/${id}`, 303)
}

const sinPalabras = ({ dependencia, enlace }: DatosDeLote) => ({ dependencia, enlace })

/** As much as a page waits for; the rest goes on without it. */
async function empezar(panel: Panel, id: string): Promise<void> {
  const end = performance.now() + PACIENCIA
  const done = await seguirLote(panel, id, () => performance.now() > end)
  if (!done) await publish(panel.database.fork(), { topic: 'lote', id })
}

async function deshacer(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { id } = await suyo(panel, request)
  const { id: usuarioId } = usuarioDe(request)
  const asked = await panel.database.fork().transactional(async (em) => {
    const taken = await pedirDeshacer(em, id, usuarioId, panel.now())
    if (taken) await auditBy(em, request, { action: 'lote.deshacer', objectType: 'lote', objectId: id })
    return taken
  })
  if (asked) await empezar(panel, id)
  return reply.redirect(`/admin/lotes/${id}`, 303)
}
