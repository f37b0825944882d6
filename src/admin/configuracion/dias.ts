import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sql } from '../../runtime/sql.ts'
import { descansosDeLey, diasPropuestos, type Feriado } from '../../workflow/catalogo/feriados.ts'
import { type Cambio, llaveDe, type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import { diaDe } from '../../workflow/peticion/plazo.ts'
import type { Panel } from '../deps.ts'
import { dia, type Errores, type Escrito, linea, readForm, typed } from '../form.ts'
import { SECCIONES } from '../menu.ts'
import { anotar, chocan, statusDe } from './anotar.ts'
import { entradasDe, miBorrador } from './leer.ts'

const config = { acceso: SECCIONES.configuracion.acceso }
const URL_DIAS = '/admin/configuracion/dias'
const consulta = z.object({ anio: z.coerce.number().int().min(2020).max(2100).optional().catch(undefined) })
const fecha = linea(10).pipe(dia())

/** Milliseconds of the longest period. */
const UN_ANIO = 366 * 86_400_000

/** One day, or with `hasta` all days of a range. */
const forma = z
  .object({ fecha, hasta: z.union([z.literal(''), fecha]).default(''), nombre: linea(100) })
  .refine((dias) => dias.hasta === '' || dias.hasta >= dias.fecha, { path: ['hasta'], error: 'hasta_antes' })
  .refine((dias) => dias.hasta === '' || Date.parse(dias.hasta) - Date.parse(dias.fecha) <= UN_ANIO, {
    path: ['hasta'],
    error: 'periodo_largo',
  })
const quitarForma = z.object({ lista: z.enum(['dias_inhabiles', 'periodos_inhabiles']), llave: z.string().max(20) })

/** The days on which no term runs: the law's, the municipality's own, and those that are proposed. */
export function diasRoutes(app: FastifyInstance, panel: Panel): void {
  app.get(URL_DIAS, { config }, (request, reply) => mostrar(panel, request, reply))
  app.post(URL_DIAS, { config }, async (request, reply) => {
    const form = readForm(forma, request.body)
    if (!form.ok) return mostrar(panel, request, reply, form)
    if (chocan(await miBorrador(panel, request)))
      return mostrar(panel, request, reply, { errores: { forma: 'choques' }, escrito: typed(request.body) })
    const { nombre, hasta } = form.datos
    const despues: Valor =
      hasta === '' ? { fecha: form.datos.fecha, nombre } : { desde: form.datos.fecha, hasta, nombre }
    const lista = hasta === '' ? 'dias_inhabiles' : 'periodos_inhabiles'
    return anotar(panel, request, reply, {
      cambios: [{ documento: 'municipio', ruta: [lista, llaveDe(lista, despues) ?? ''], despues }],
      luego: `${URL_DIAS}?anio=${form.datos.fecha.slice(0, 4)}`,
    })
  })
  app.post(`${URL_DIAS}/quitar`, { config }, async (request, reply) => {
    const { lista, llave } = quitarForma.parse(request.body)
    const { documentos } = await miBorrador(panel, request)
    const antes = valorEn(valorDe(documentos.municipio ?? ''), [lista, llave])
    const luego = `${URL_DIAS}?anio=${llave.slice(0, 4)}`
    if (antes === undefined) return reply.redirect(luego, 303)
    const cambio: Cambio = { documento: 'municipio', ruta: [lista, llave], antes, despues: undefined }
    return anotar(panel, request, reply, { cambios: [cambio], luego })
  })
}

interface Dia extends Feriado {
  hasta?: string
  clase: 'ley' | 'propio' | 'periodo' | 'propuesto' | 'tabla'
}

async function mostrar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  vuelta?: { errores: Errores; escrito: Escrito },
): Promise<FastifyReply> {
  const borrador = await miBorrador(panel, request)
  const hoy = diaDe(panel.now(), panel.municipio.zona_horaria)
  const anio = consulta.parse(request.query ?? {}).anio ?? Number(hoy.slice(0, 4))
  const municipio = valorDe(borrador.documentos.municipio ?? '')
  const propios = entradasDe(municipio, 'dias_inhabiles').map(
    (one): Dia => ({ fecha: String(one.fecha), nombre: String(one.nombre), clase: 'propio' }),
  )
  const periodos = entradasDe(municipio, 'periodos_inhabiles').map(
    (one): Dia => ({
      fecha: String(one.desde),
      hasta: String(one.hasta),
      nombre: String(one.nombre),
      clase: 'periodo',
    }),
  )
  const tabla = await sql<Feriado>(
    panel.database.fork(),
    `select to_char(fecha, 'YYYY-MM-DD') as fecha, nombre from dia_inhabil where extract(year from fecha) = $1`,
    [anio],
  )
  const puestos = new Set(propios.map((one) => one.fecha))
  const dias: Dia[] = [
    ...descansosDeLey(anio).map((one): Dia => ({ ...one, clase: 'ley' })),
    ...tabla.map((one): Dia => ({ ...one, clase: 'tabla' })),
    ...[...propios, ...periodos].filter((one) => [one.fecha, one.hasta].some((day) => day?.startsWith(`${anio}-`))),
    ...diasPropuestos(anio)
      .filter((one) => !puestos.has(one.fecha))
      .map((one): Dia => ({ ...one, clase: 'propuesto' })),
  ]
  const datos = { anio, hoy, borrador, dias: dias.toSorted((a, b) => a.fecha.localeCompare(b.fecha)) }
  const page = { ...datos, errores: vuelta?.errores ?? {}, v: vuelta?.escrito ?? {} }
  return panel.pages.show(request, reply, 'configuracion-dias', page, vuelta ? statusDe(vuelta.errores) : 200)
}
