import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { marcarLeidos } from '../../workflow/avisos-personales/leer.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { transicionPermitida, verbosPermitidos } from '../../workflow/permisos.ts'
import { aclaracionAbierta } from '../../workflow/peticion/aclaracion.ts'
import { mencionables, mencionesPendientes } from '../../workflow/peticion/menciones.ts'
import type { Verbo } from '../../workflow/peticion/transiciones.ts'
import { seLePuedePreguntar } from '../../workflow/peticion/verbos/preguntar.ts'
import { auditLook } from '../audit.ts'
import { contarEnCampana } from '../avisos/campana.ts'
import { VEN_PERSONAS } from '../conversaciones/ciudadano.ts'
import { leerHilo } from '../conversaciones/hilo-consulta.ts'
import type { Panel } from '../deps.ts'
import type { Errores, Escrito } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { ACCIONES } from './acciones.ts'
import { antesYDespues } from './antes-despues.ts'
import {
  leerArchivos,
  leerEncuesta,
  leerMovimientos,
  leerPeticion,
  type MovimientoDetallado,
  type PeticionDetallada,
} from './detalle-consulta.ts'
import { expedienteDe } from './expediente.ts'
import { leerPublicacion } from './publicacion.ts'
import { respuestasDe } from './respuestas-de-peticion.ts'

/** A form that came back with something to correct. */
export interface Fallida {
  verbo: Verbo
  errores: Errores
  escrito: Escrito
  /** The last movimiento its page showed, when the petition was changed since. */
  vistoHasta?: number | undefined
}

const config = { acceso: 'todos' as const }
const folioParams = z.object({ folio: z.string().max(40) })

/** The folio of the address. */
export const folioDe = (request: FastifyRequest): string => folioParams.parse(request.params).folio

/** One petition: "Ver más". */
export function detalleRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, pages } = panel
  app.get('/admin/peticiones/:folio', { config }, (request, reply) => showDetalle(panel, request, reply))
  // Asked for by an open page: did somebody else change it since?
  app.get('/admin/peticiones/:folio/cambios', { config: { ...config, fondo: true } }, async (request, reply) => {
    const { movimiento } = z.object({ movimiento: z.coerce.number().int() }).parse(request.query)
    const em = database.fork()
    const p = await leerPeticion(em, usuarioDe(request), folioDe(request))
    const nuevos = (await leerMovimientos(em, p.id)).filter((one) => one.id > movimiento)
    return pages.show(request, reply, '_cambios', { p, nuevos })
  })
  app.get('/admin/peticiones/:folio/hilo', { config: { ...config, fondo: true } }, async (request, reply) => {
    const em = database.fork()
    const usuario = usuarioDe(request)
    const p = await leerPeticion(em, usuario, folioDe(request))
    const hilo = p.conversationId === null ? undefined : await leerHilo(em, usuario, p.conversationId)
    return pages.show(request, reply, '_globos', { hilo, url: `/admin/peticiones/${p.folio}/hilo` })
  })
}

/** The whole page, with the form that failed, if one did. */
export async function showDetalle(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  fallida?: Fallida,
  status = 200,
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const p = await leerPeticion(em, usuario, folioDe(request))
  await auditLook(em, request, { action: 'peticion.ver', objectType: 'peticion', objectId: p.folio })
  await leerSusAvisos(panel, request, p.id)
  const movimientos = await leerMovimientos(em, p.id)
  const archivos = await leerArchivos(em, p.id)
  const hilo = p.conversationId === null ? undefined : await leerHilo(em, usuario, p.conversationId)
  const { hecho } = z.object({ hecho: z.string().max(20).optional().catch(undefined) }).parse(request.query ?? {})
  return panel.pages.show(
    request,
    reply,
    'peticion',
    {
      p,
      movimientos,
      hilo,
      fallida,
      hecho:
        ACCIONES.some((one) => one.verbo === hecho) || hecho === 'responder' || hecho === 'reunir' ? hecho : undefined,
      archivos,
      expediente: await expedienteDe(em, panel.municipio, p, { archivos, movimientos, now: panel.now() }),
      fotos: antesYDespues(archivos, movimientos),
      menciones: await mencionesPendientes(em, usuario, p.id),
      publicacion: await leerPublicacion(em, usuario, p.id),
      aclaracion: await aclaracionAbierta(em, p.id),
      encuesta: await leerEncuesta(em, p.id),
      ...(await ofertaDe(panel, usuario, p)),
      ...nombresDe(panel, p),
      ...(await ayudasDe(panel, usuario, p)),
      ultimo: movimientos.at(-1)?.id ?? 0,
      cambios: cambiosDesde(movimientos, fallida?.vistoHasta),
      nuevoEnvio: randomUUID,
      conversacion: p.conversationId,
      mira: `peticion-${p.id}`,
      conMapa: p.latitud !== null,
      vePersonas: VEN_PERSONAS.some((rol) => usuario.roles.includes(rol)),
    },
    status,
  )
}

/** Who opens it has read its notices; a page that a browser only prepares is not opened. */
async function leerSusAvisos(panel: Panel, request: FastifyRequest, peticionId: number): Promise<void> {
  if (request.method !== 'GET' || request.headers['sec-purpose']?.includes('prefetch')) return
  const read = await marcarLeidos(panel.database.fork(), usuarioDe(request).id, { peticionId }, panel.now())
  if (read > 0) await contarEnCampana(panel, request)
}

/** What happened since the page was opened whose form came too late; nothing when it did not, or does not say. */
function cambiosDesde(movimientos: MovimientoDetallado[], vistoHasta: number | undefined): MovimientoDetallado[] {
  return vistoHasta === undefined ? [] : movimientos.filter(({ id }) => id > vistoHasta)
}

/** What this user may do now: the obvious next thing apart, the rest in the order of the table. */
async function ofertaDe({ database }: Panel, usuario: UsuarioActor, p: PeticionDetallada) {
  const em = database.fork()
  const verbos = verbosPermitidos(usuario, p)
  const conOficio = transicionPermitida(usuario, p, 'concluir')?.conOficio === true
  const sinPregunta = (await aclaracionAbierta(em, p.id)) !== undefined || !(await seLePuedePreguntar(em, p.id))
  const offered = ACCIONES.map((one) => one.verbo).filter(
    (verbo) => verbos.includes(verbo) && verbo !== 'anotar' && !(verbo === 'preguntar' && sinPregunta),
  )
  const principal = offered.find(
    (verbo) =>
      ['recibir', 'valorar', 'canalizar', 'procesar', 'validar'].includes(verbo) ||
      (verbo === 'concluir' && !conOficio),
  )
  const elige = offered.includes('canalizar') || offered.includes('recanalizar')
  return {
    principal,
    otras: offered.filter((verbo) => verbo !== principal),
    verbos,
    conOficio,
    dependencias: elige ? await sql<{ id: string; nombre: string }>(database.fork(), DEPENDENCIAS) : [],
  }
}

/** What helps to write: whom a note may name, and the answers written beforehand, filled in. */
async function ayudasDe({ database, pages }: Panel, usuario: UsuarioActor, p: PeticionDetallada) {
  const em = database.fork()
  const quienes = await mencionables(em, p)
  return {
    mencionables: quienes.filter(({ id }) => id !== usuario.id),
    guardadas: await respuestasDe(em, p, pages.palabras),
  }
}

function nombresDe({ municipio }: Panel, p: PeticionDetallada) {
  return {
    medio: nombreDeMedio(municipio, p.medio),
    programa: municipio.programas.find((one) => one.codigo === p.programa)?.nombre ?? p.programa,
    canal: p.canal && nombreDeMedio(municipio, p.canal),
    mapa: municipio.mapa,
    porVencerDias: municipio.plazos.por_vencer_dias,
    reaperturaDias: municipio.reapertura_dias,
    preguntaDias: municipio.conversacion.pregunta_dias,
  }
}

const DEPENDENCIAS = `
select id, nombre from dependencia where recibe_peticiones and retirada_at is null order by sin_acentos(nombre)`
