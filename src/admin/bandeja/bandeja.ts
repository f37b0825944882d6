import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Rol } from '../../workflow/actor.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { buscarPeticiones, contarPorEstado, TOPE } from '../../workflow/peticion/buscar.ts'
import { seIndexa } from '../../workflow/peticion/filtro.ts'
import { mencionesPendientes } from '../../workflow/peticion/menciones.ts'
import { repuntes } from '../../workflow/peticion/repuntes.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { ACTUAN_EN_BLOQUE } from '../lotes/lotes.ts'
import {
  contarNovedades,
  contarPorValorar,
  estadosDe,
  ordenDe,
  pestanasDe,
  primerCajon,
  ultimaPeticion,
} from './cajones.ts'
import {
  type Consulta,
  cajonDe,
  etiquetasDe,
  filtra,
  filtroDe,
  leerConsulta,
  marcoDe,
  opcionesDe,
  textoDeConsulta,
} from './filtros.ts'
import { filtrosDe } from './filtros-guardados.ts'
import { puntosDe } from './puntos.ts'
import { mirar } from './vistazo.ts'

const pageQuery = z.object({
  despues: z.string().max(40).optional().catch(undefined),
  vista: z.enum(['lista', 'mapa']).catch('lista'),
  guardado: z.literal('si').optional().catch(undefined),
  // What was done to a petition that its doer no longer sees.
  hecho: z.literal('devolver').optional().catch(undefined),
})

const novedadesQuery = z.object({
  desde: z.iso.datetime().transform((at) => new Date(at)),
  ultima: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
})

/** The tray: the petitions in reach, by state and by filter, as a list or on the map. */
export function bandejaRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin', { config: { acceso: 'todos' } }, (request, reply) => showBandeja(panel, request, reply))
  // Asked for by an open page when something changed: the counts, and how many are news to it.
  app.get('/admin/novedades', { config: { acceso: 'todos', fondo: true } }, async (request, reply) => {
    const { desde, ultima } = novedadesQuery.parse(request.query)
    const consulta = leerConsulta(request.query)
    const em = panel.database.fork()
    const usuario = usuarioDe(request)
    const deCajones = deLosCajones(consulta)
    const cuentas = await contarPorEstado(em, usuario, filtroDe(deCajones), marcoDe(panel))
    const cajones = pestanasDe(usuario, cuentas, consulta.q ? undefined : consulta.estado)
    const novedades = await contarNovedades(em, usuario, { at: desde, id: ultima })
    const base = textoDeConsulta(deCajones)
    return panel.pages.show(request, reply, '_novedades', { cajones, novedades, base, tope: TOPE, ...todas(consulta) })
  })
  app.get('/admin/mapa.json', { config: { acceso: 'todos', fondo: true } }, async (request, reply) => {
    const filtro = filtroDe(leerConsulta(request.query))
    const puntos = await puntosDe(panel.database.fork(), usuarioDe(request), filtro, marcoDe(panel))
    return reply.header('cache-control', 'no-store').send(puntos)
  })
}

/** The drawers count what the filter lets through; not what a search does, which would have to be read whole. */
const deLosCajones = (consulta: Consulta): Consulta => {
  const { q, ...resto } = consulta
  return leerConsulta(q === undefined ? { ...resto, estado: undefined } : {})
}

const todas = (consulta: Consulta) => ({ conTodas: filtra(consulta) && !consulta.q, enTodas: !consulta.estado })

/** Boxes to choose many petitions by, and what makes choosing quick, for whoever may do something to them. */
function eligeDe(roles: readonly Rol[], vista: 'lista' | 'mapa') {
  const elige = vista === 'lista' && ACTUAN_EN_BLOQUE.some((rol) => roles.includes(rol))
  return { elige, conElegir: elige }
}

async function showBandeja(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { database, municipio, now, pages } = panel
  const { despues: cursor, vista, guardado, hecho } = pageQuery.parse(request.query)
  const consulta = leerConsulta(request.query)
  const usuario = usuarioDe(request)
  const em = database.fork()
  const marco = marcoDe(panel)
  const at = now()
  const deCajones = deLosCajones(consulta)
  const [id, cuentas, opciones, guardados, alza] = await Promise.all([
    ultimaPeticion(em),
    contarPorEstado(em, usuario, filtroDe(deCajones), marco),
    opcionesDe(em, usuario, municipio),
    filtrosDe(em, usuario.id),
    usuario.roles.includes('validador') ? repuntes(em, municipio.repunte, at) : [],
  ])
  const filtroUsado = filtra(consulta) && !consulta.q ? textoDeConsulta(consulta) : null
  const vistazo = await mirar(em, usuario.id, at, filtroUsado)
  const abierto = cajonDe(consulta, primerCajon(usuario, cuentas))
  const filtro = { ...filtroDe(consulta), estados: abierto && estadosDe(abierto) }
  const orden = abierto && !filtra(consulta) ? ordenDe(abierto) : undefined
  const pagina =
    vista === 'lista'
      ? await buscarPeticiones(em, usuario, filtro, marco, { orden, cursor })
      : { peticiones: [], siguiente: null }
  return pages.show(request, reply, 'bandeja', {
    ...pagina,
    ...todas(consulta),
    consulta,
    opciones,
    vista,
    visto: { at, id },
    abierto,
    repuntes: alza.length,
    guardado,
    hecho,
    vistazo,
    porValorar: await contarPorValorar(em, usuario),
    menciones: await mencionesPendientes(em, usuario),
    filtra: filtra(consulta),
    corta: consulta.q !== undefined && !seIndexa(consulta.q),
    etiquetas: etiquetasDe(consulta, opciones, {
      fecha: pages.palabras.fecha,
      situacion: (one) => pages.palabras.t(`situacion.${one}`),
      ninguna: pages.palabras.t('filtro.ninguna'),
    }),
    texto: textoDeConsulta({ ...consulta, estado: abierto }),
    base: textoDeConsulta(deCajones),
    guardados,
    primeraPagina: cursor === undefined,
    cajones: pestanasDe(usuario, cuentas, consulta.q ? undefined : abierto),
    tope: TOPE,
    porVencerDias: municipio.plazos.por_vencer_dias,
    variasDependencias: usuario.roles.some((rol) => rol !== 'enlace'),
    medio: (codigo: string) => nombreDeMedio(municipio, codigo),
    mapa: municipio.mapa,
    conMapa: vista === 'mapa',
    ...eligeDe(usuario.roles, vista),
  })
}
