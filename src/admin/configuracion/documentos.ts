import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { diferencias, valorDe } from '../../workflow/configuracion/cambios.ts'
import { leerVigente, versionesDe } from '../../workflow/configuracion/versiones.ts'
import type { Panel } from '../deps.ts'
import { SECCIONES } from '../menu.ts'
import { archivosDe } from '../subida.ts'
import { anotar, chocan, URL_BORRADOR } from './anotar.ts'
import { type Falta, faltasDe } from './faltas.ts'

import { miBorrador, revisar } from './leer.ts'
import { type Dicho, decirChoques } from './palabras-de-cambio.ts'

const config = { acceso: SECCIONES.configuracion.acceso }
const URL_DOCUMENTOS = '/admin/configuracion/documentos'
const params = z.object({ documento: z.string().regex(/^[a-z][a-z0-9.-]*$/) })
const consulta = z.object({ publicacion: z.coerce.number().int().positive().optional().catch(undefined) })

/** Whole documents: down as the file of config/ would be, up as changes in one's draft. */
export function documentosRoutes(app: FastifyInstance, panel: Panel): void {
  app.get(URL_DOCUMENTOS, { config }, (request, reply) => mostrar(panel, request, reply))
  app.get(`${URL_DOCUMENTOS}/:documento`, { config }, (request, reply) => bajar(panel, request, reply))
  app.post(`${URL_DOCUMENTOS}/:documento`, { config }, (request, reply) => subir(panel, request, reply))
}

interface Vuelta {
  faltas?: Falta[]
  /** A file came while changes of the draft collide: what they are, and whose. */
  choques?: Dicho[]
  status?: number
}

async function mostrar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  { faltas = [], choques = [], status = 200 }: Vuelta = {},
): Promise<FastifyReply> {
  const { documentos } = await leerVigente(panel.database.fork())
  const datos = { documentos: Object.keys(documentos), faltas, choques, borrador: await miBorrador(panel, request) }
  return panel.pages.show(request, reply, 'configuracion-documentos', datos, status)
}

function documentoDe(request: FastifyRequest): string {
  const leido = params.safeParse(request.params)
  if (!leido.success || leido.data.documento in {}) throw new HttpProblem(404, 'There is no such document.')
  return leido.data.documento
}

/** The one in force, or as it was after a publication. */
async function bajar({ database }: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const documento = documentoDe(request)
  const { publicacion } = consulta.parse(request.query ?? {})
  const em = database.fork()
  const texto =
    publicacion === undefined
      ? (await leerVigente(em)).documentos[documento]
      : (await versionesDe(em, publicacion)).find((one) => one.documento === documento)?.despues
  if (texto === undefined) throw new HttpProblem(404, 'There is no such document.')
  return reply
    .type('application/yaml; charset=utf-8')
    .header('content-disposition', `attachment; filename="${documento}.yaml"`)
    .header('cache-control', 'no-store')
    .send(texto)
}

async function subir(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const documento = documentoDe(request)
  const [archivo] = archivosDe(request.body, 'archivo')
  const borrador = await miBorrador(panel, request)
  const { documentos } = borrador
  const actual = documentos[documento]
  if (actual === undefined) throw new HttpProblem(404, 'There is no such document.')
  if (!archivo) return reply.redirect(URL_DOCUMENTOS, 303)
  if (chocan(borrador))
    return mostrar(panel, request, reply, { choques: await decirChoques(panel, borrador), status: 409 })
  const texto = archivo.bytes.toString('utf8')
  const nuevos = { ...documentos, [documento]: texto }
  const leido = await revisar(panel, nuevos)
  if ('problema' in leido) {
    const faltas = faltasDe(leido.problema, nuevos, panel.pages.palabras)
    return mostrar(panel, request, reply, { faltas, status: 422 })
  }
  const cambios = diferencias(documento, valorDe(actual), valorDe(texto))
  return anotar(panel, request, reply, { cambios, luego: `${URL_BORRADOR}?antes=subido` })
}
