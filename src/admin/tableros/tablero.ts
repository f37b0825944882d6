import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { diasInhabilesDe } from '../../workflow/catalogo/dias-inhabiles.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { audit } from '../audit.ts'
import {
  type Consulta,
  etiquetasDe,
  filtroDe,
  leerConsulta,
  marcoDe,
  opcionesDe,
  textoDeConsulta,
} from '../bandeja/filtros.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { orientacionesDe } from './orientaciones.ts'
import { type Cuentas, celdasDe, esperanHoy, LADO, type Resumen, resumir, totalizar } from './tablero-consulta.ts'
import type { Ancho } from './tablero-filas.ts'
import { informePdf } from './tablero-pdf.ts'
import {
  anchoDe,
  type Periodo,
  pasosDe,
  periodoAnterior,
  periodoDe,
  periodosUsuales,
  tramoDe,
} from './tablero-periodo.ts'

const config = { acceso: SECCIONES.tablero.acceso }

/** What a dashboard and its paper say. */
export interface Tablero extends Resumen {
  /** The filter with its period; states and words are the tray's. */
  consulta: Consulta & Periodo
  anterior: Periodo
  antes: Cuentas
  hoy: { pendientes: number; vencidas: number; por_vencer: number }
  ancho: Ancho
}

/** The dashboards: how the petitions within one's reach fare, each number leading to those behind it. */
export function tableroRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/tablero', { config }, (request, reply) => showTablero(panel, request, reply))
  app.get('/admin/tablero/mapa.json', { config: { ...config, fondo: true } }, async (request, reply) => {
    const celdas = await celdasDe(
      panel.database.fork(),
      usuarioDe(request),
      filtroDe(consultaDe(panel, request)),
      marcoDe(panel),
    )
    return reply.header('cache-control', 'no-store').send(celdas)
  })
  app.get('/admin/tablero/informe.pdf', { config }, async (request, reply) => {
    const usuario = usuarioDe(request)
    const tablero = await leerTablero(panel, usuario, consultaDe(panel, request))
    const bytes = await informePdf({ ...panel, palabras: panel.pages.palabras }, tablero, usuario.nombre)
    const { del, al } = tablero.consulta
    await audit(panel.database.fork(), {
      action: 'tablero.informe',
      detail: { consulta: textoDeConsulta(tablero.consulta) },
      usuarioId: usuario.id,
      ip: request.ip,
    })
    return reply
      .type('application/pdf')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="informe-${del}-a-${al}.pdf"`)
      .send(bytes)
  })
}

function consultaDe(panel: Panel, request: FastifyRequest): Consulta & Periodo {
  const { q: _q, estado: _estado, situacion: _situacion, ...consulta } = leerConsulta(request.query)
  return { ...leerConsulta({}), ...consulta, ...periodoDe(consulta, marcoDe(panel).hoy) }
}

/** What reading a dashboard needs. */
export type LecturaDeTablero = Pick<Panel, 'database' | 'municipio' | 'now'>

/** How the petitions within this user's reach fared in the period of the filter. */
export async function leerTablero(
  panel: LecturaDeTablero,
  usuario: UsuarioActor,
  consulta: Consulta & Periodo,
): Promise<Tablero> {
  const { database, municipio, now } = panel
  const marco = marcoDe(panel)
  const inhabiles = await diasInhabilesDe(database.fork(), municipio, now())
  const ancho = anchoDe(consulta)
  const anterior = periodoAnterior(consulta)
  const medida = { marco, inhabiles, ancho }
  const filtro = filtroDe(consulta)
  const [resumen, antes, hoy] = await Promise.all([
    resumir(database.fork(), usuario, filtro, medida),
    totalizar(database.fork(), usuario, filtroDe({ ...consulta, ...anterior }), medida),
    esperanHoy(database.fork(), usuario, filtro, marco),
  ])
  return { ...resumen, antes, hoy, consulta, anterior, ancho }
}

async function showTablero(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { municipio, pages, database } = panel
  const { t, fecha } = pages.palabras
  const usuario = usuarioDe(request)
  const consulta = consultaDe(panel, request)
  const tablero = await leerTablero(panel, usuario, consulta)
  const opciones = await opcionesDe(database.fork(), usuario, municipio)
  const { hoy } = marcoDe(panel)
  const sinPeriodo = { ...consulta, del: undefined, al: undefined }
  return pages.show(request, reply, 'tablero', {
    ...tablero,
    opciones,
    orientaciones: await orientacionesDe(database.fork(), usuario, consulta, tablero.anterior, municipio.zona_horaria),
    texto: textoDeConsulta(consulta),
    etiquetas: etiquetasDe(sinPeriodo, opciones, {
      fecha,
      situacion: (one) => t(`situacion.${one}`),
      ninguna: t('filtro.ninguna'),
    }),
    usuales: periodosUsuales(hoy).map(({ clave, periodo }) => ({
      clave,
      texto: textoDeConsulta({ ...consulta, ...periodo }),
      aqui: periodo.del === consulta.del && periodo.al === consulta.al,
    })),
    barras: barrasDe(tablero),
    enBandeja: (cambios: Partial<Consulta>) => `/admin?${textoDeConsulta({ ...consulta, ...cambios })}`,
    hoyEnBandeja: (cambios: Partial<Consulta>) => `/admin?${textoDeConsulta({ ...sinPeriodo, ...cambios })}`,
    medio: (codigo: string) => nombreDeMedio(municipio, codigo),
    mapa: municipio.mapa,
    lado: LADO,
    conMapa: true,
  })
}

/** A step of the trend as a pair of bars: heights from 0 to 100. */
interface Barra extends Periodo {
  recibidas: number
  respondidas: number
  alto: number
  altoRespondidas: number
}

function barrasDe({ tendencia, ancho, consulta }: Tablero): Barra[] {
  const known = new Map(tendencia.map((one) => [one.dia, one]))
  const most = Math.max(1, ...tendencia.map(({ recibidas }) => recibidas))
  return pasosDe(consulta, ancho).map((dia) => {
    const paso = known.get(dia)
    const [recibidas, answered] = [paso?.recibidas ?? 0, paso?.respondidas ?? 0]
    return {
      ...tramoDe(dia, ancho, consulta),
      recibidas,
      respondidas: answered,
      alto: (100 * recibidas) / most,
      altoRespondidas: (100 * answered) / most,
    }
  })
}
