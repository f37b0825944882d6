import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { contarPeticiones } from '../../workflow/peticion/buscar.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { anotarAvance, crearExportacion, type Exportacion, FORMATOS, leerExportacion } from './exportacion.ts'
import { type Celda, encabezadosDe, lotesDe, puedeContacto } from './exportar-columnas.ts'
import { csv } from './exportar-csv.ts'
import { xlsx } from './exportar-xlsx.ts'
import {
  type Consulta,
  consultaDeTexto,
  etiquetasDe,
  filtroDe,
  leerConsulta,
  marcoDe,
  opcionesDe,
  textoDeConsulta,
} from './filtros.ts'

const config = { acceso: 'todos' } as const
const params = z.object({ id: z.uuid() })
const forma = z.object({
  formato: z.enum(FORMATOS),
  contacto: z.literal('si').optional().catch(undefined),
  consulta: z.string().max(1_000),
})

const MIME = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Files of what a filter of the tray finds, within the reach of who asks. They are made as they are sent and kept nowhere. */
export function exportarRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/exportar', { config }, (request, reply) => showForma(panel, request, reply))
  app.post('/admin/exportar', { config }, (request, reply) => pedir(panel, request, reply))
  app.get('/admin/exportar/:id', { config }, async (request, reply) => {
    const exportacion = await una(panel, request)
    return panel.pages.show(request, reply, 'exportacion', { ...exportacion })
  })
  app.get('/admin/exportar/:id/avance', { config: { ...config, fondo: true } }, async (request, reply) => {
    const exportacion = await una(panel, request)
    return panel.pages.show(request, reply, '_avance', { ...exportacion })
  })
  app.get('/admin/exportar/:id/archivo', { config }, async (request, reply) => {
    const exportacion = await una(panel, request)
    const { formato } = exportacion
    await anotarEnBitacora(panel, request, 'peticiones.exportar.descargar', exportacion)
    return reply
      .type(MIME[formato])
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="peticiones-${marcoDe(panel).hoy}.${formato}"`)
      .send(archivoDe(panel, request, exportacion))
  })
}

/** @throws {HttpProblem} 404 for another's. */
async function una({ database }: Panel, request: FastifyRequest): Promise<Exportacion> {
  const { data } = params.safeParse(request.params)
  const found = data && (await leerExportacion(database.fork(), usuarioDe(request).id, data.id))
  if (!found) throw new HttpProblem(404, 'There is no such export of yours.')
  return found
}

const contar = ({ database, ...panel }: Panel, request: FastifyRequest, consulta: Consulta): Promise<number> =>
  contarPeticiones(database.fork(), usuarioDe(request), filtroDe(consulta), marcoDe(panel))

async function showForma(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { database, municipio, pages } = panel
  const { t, fecha } = pages.palabras
  const usuario = usuarioDe(request)
  const consulta = leerConsulta(request.query)
  const opciones = await opcionesDe(database.fork(), usuario, municipio)
  const ninguna = t('filtro.ninguna')
  return pages.show(request, reply, 'exportar', {
    total: await contar(panel, request, consulta),
    texto: textoDeConsulta(consulta),
    estado: consulta.estado,
    etiquetas: etiquetasDe(consulta, opciones, { fecha, situacion: (one) => t(`situacion.${one}`), ninguna }),
    conContacto: puedeContacto(usuario),
    columnas: encabezadosDe(false).map(({ clave }) => t(`columna.${clave}`)),
  })
}

async function pedir(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { data } = forma.safeParse(request.body)
  if (!data) throw new HttpProblem(400, 'An export has a kind of file and a filter.')
  const usuario = usuarioDe(request)
  const consulta = consultaDeTexto(data.consulta)
  const total = await contar(panel, request, consulta)
  const contacto = data.contacto === 'si' && puedeContacto(usuario)
  const pedida = { formato: data.formato, consulta: textoDeConsulta(consulta), contacto, total }
  const id = await panel.database.fork().transactional(async (em) => {
    const made = await crearExportacion(em, usuario.id, pedida)
    const detail = { formato: data.formato, contacto, total, consulta: sinPalabras(consulta) }
    await auditBy(em, request, {
      action: 'peticiones.exportar',
      objectType: 'exportacion',
      objectId: made,
      detail,
    })
    return made
  })
  return reply.redirect(`/admin/exportar/${id}`, 303)
}

/** What was searched for may be a person's name: the audit says only that something was. */
const sinPalabras = (consulta: Consulta) => textoDeConsulta(consulta, consulta.q === undefined ? {} : { q: '…' })

async function anotarEnBitacora(
  { database }: Panel,
  request: FastifyRequest,
  action: string,
  { id, hechas }: Pick<Exportacion, 'id' | 'hechas'>,
): Promise<void> {
  await auditBy(database.fork(), request, {
    action,
    objectType: 'exportacion',
    objectId: id,
    detail: { hechas },
  })
}

function archivoDe(panel: Panel, request: FastifyRequest, exportacion: Exportacion): Readable {
  const { t } = panel.pages.palabras
  const usuario = usuarioDe(request)
  const contacto = exportacion.contacto && puedeContacto(usuario)
  const columnas = encabezadosDe(contacto).map((one) => ({ ...one, texto: t(`columna.${one.clave}`) }))
  const filtro = filtroDe(consultaDeTexto(exportacion.consulta))
  const marco = marcoDe(panel)
  const fork = () => panel.database.fork()
  const lotes = lotesDe(fork, { actor: usuario, filtro, marco, contacto, hastaId: exportacion.hastaId })
  const legibles = enPalabras(panel, columnas, contado(panel, request, exportacion, lotes))
  const encabezados = columnas.map(({ texto }) => texto)
  return Readable.from(exportacion.formato === 'csv' ? csv(encabezados, legibles) : xlsx(columnas, legibles))
}

/** Notes how far the file is, and at its end whether it went whole: a connection that was cut leaves it interrupted. */
async function* contado(
  panel: Panel,
  request: FastifyRequest,
  { id }: Exportacion,
  lotes: AsyncIterable<Celda[][]>,
): AsyncGenerator<Celda[][]> {
  let hechas = 0
  let whole = false
  try {
    await anotarAvance(panel.database.fork(), id, 'running', 0)
    for await (const lote of lotes) {
      yield lote
      hechas += lote.length
      await anotarAvance(panel.database.fork(), id, 'running', hechas)
    }
    whole = true
  } finally {
    await anotarAvance(panel.database.fork(), id, whole ? 'done' : 'interrupted', hechas)
    await anotarEnBitacora(panel, request, whole ? 'peticiones.exportar.fin' : 'peticiones.exportar.corte', {
      id,
      hechas,
    })
  }
}

/** Codes become what people read. */
async function* enPalabras(
  { municipio, pages: { palabras } }: Panel,
  columnas: { clave: string }[],
  lotes: AsyncIterable<Celda[][]>,
): AsyncGenerator<Celda[][]> {
  const medio = columnas.findIndex(({ clave }) => clave === 'medio')
  const say = (celda: Celda, at: number): Celda => {
    if (typeof celda === 'boolean') return palabras.t(celda ? 'si' : 'no')
    return at === medio ? nombreDeMedio(municipio, String(celda)) : celda
  }
  for await (const lote of lotes) yield lote.map((fila) => fila.map(say))
}
