import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { guardarBorrador } from '../../workflow/configuracion/borrador.ts'
import { type Cambio, diferencias, valorDe } from '../../workflow/configuracion/cambios.ts'
import { leerVigente, publicacionDe, publicaciones, versionesDe } from '../../workflow/configuracion/versiones.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { miBorrador } from './leer.ts'
import { LISTAS } from './listas.ts'
import { decirCambios } from './palabras-de-cambio.ts'

const config = { acceso: SECCIONES.configuracion.acceso }
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const consulta = z.object({
  hecho: z.enum(['publicado', 'descartado', 'importado']).optional().catch(undefined),
  antes: z.coerce.number().int().positive().optional().catch(undefined),
})
const PAGINA = 30

/** Who changed what and when; each publication with its differences, and its undoing. */
export function historiaRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/configuracion', { config }, (request, reply) => resumen(panel, request, reply))
  app.get('/admin/configuracion/publicaciones/:id', { config }, (request, reply) => detalle(panel, request, reply))
  app.post('/admin/configuracion/publicaciones/:id/deshacer', { config }, (request, reply) =>
    deshacer(panel, request, reply),
  )
}

async function resumen(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { antes, hecho } = consulta.parse(request.query ?? {})
  const em = panel.database.fork()
  const historia = await publicaciones(em, antes ?? null, PAGINA)
  const { cambios } = await miBorrador(panel, request)
  const { documentos } = await leerVigente(em)
  const datos = {
    historia,
    hecho,
    pendientes: cambios.length,
    listas: Object.keys(LISTAS).filter((one) => !LISTAS[one]?.de),
  }
  const siguiente = historia.length === PAGINA ? historia.at(-1)?.id : undefined
  return panel.pages.show(request, reply, 'configuracion', { ...datos, siguiente, documentos: Object.keys(documentos) })
}

/** What a publication changed, or what takes it back. */
async function cambiosDe(panel: Panel, id: number, alReves = false): Promise<{ cambios: Cambio[]; nuevos: string[] }> {
  const versiones = await versionesDe(panel.database.fork(), id)
  return {
    cambios: versiones.flatMap(({ documento, antes, despues }) => {
      if (antes === null) return []
      const [desde, hasta] = [valorDe(antes), valorDe(despues)]
      return alReves ? diferencias(documento, hasta, desde) : diferencias(documento, desde, hasta)
    }),
    nuevos: versiones.filter((one) => one.antes === null).map((one) => one.documento),
  }
}

async function exigir(panel: Panel, request: FastifyRequest) {
  const { id } = params.parse(request.params)
  const publicacion = await publicacionDe(panel.database.fork(), id)
  if (!publicacion) throw new HttpProblem(404, 'There is no such publication.')
  return publicacion
}

async function detalle(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const publicacion = await exigir(panel, request)
  const { cambios, nuevos } = await cambiosDe(panel, publicacion.id)
  const { documentos } = await leerVigente(panel.database.fork())
  const { hecho } = consulta.parse(request.query ?? {})
  return panel.pages.show(request, reply, 'configuracion-publicacion', {
    publicacion,
    nuevos,
    hecho,
    cambios: decirCambios(cambios, documentos, panel.pages.palabras),
  })
}

/** Undoing is a draft with the changes the other way: it is seen, checked and published like any other. */
async function deshacer(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { id } = await exigir(panel, request)
  const { cambios } = await cambiosDe(panel, id, true)
  const mio = await miBorrador(panel, request)
  if (mio.cambios.length > 0) return reply.redirect('/admin/configuracion/borrador?antes=termine', 303)
  await guardarBorrador(panel.database.fork(), usuarioDe(request).id, cambios, id)
  return reply.redirect('/admin/configuracion/borrador', 303)
}
