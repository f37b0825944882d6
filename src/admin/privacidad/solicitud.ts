import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { oponer, rectificar, type SolicitudArco, solicitudArco } from '../../workflow/privacidad/arco.ts'
import { cancelarDatos, impedimentos, nadaImpide } from '../../workflow/privacidad/cancelar-datos.ts'
import { datosDePersona, suyoDe } from '../../workflow/privacidad/persona.ts'
import { audit } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { type Errores, lineaOpcional, readForm } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { zipDeDatos } from './zip-de-datos.ts'

const config = { acceso: SECCIONES.privacidad.acceso }
const params = z.object({ folio: z.string().max(40) })
const correccion = z
  .object({
    nombre: lineaOpcional(120),
    telefono: lineaOpcional(30),
    email: lineaOpcional(200).pipe(z.email('email').nullable()),
  })
  .refine(({ nombre, telefono, email }) => nombre ?? telefono ?? email, { path: ['nombre'], error: 'falta' })
const confirmacion = z.object({ confirmo: z.literal('si', { error: 'confirme' }) })

/** One request over personal data: who made it, and what the law lets them have done. */
export function solicitudRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, now } = panel
  app.get('/admin/privacidad/:folio', { config }, async (request, reply) => {
    const solicitud = await buscar(panel, request)
    await audit(database.fork(), entrada(request, 'arco.ver', solicitud))
    return mostrar(panel, request, reply, solicitud)
  })
  app.get('/admin/privacidad/:folio/datos.zip', { config }, async (request, reply) => {
    const solicitud = await buscar(panel, request)
    const reservadas = usuarioDe(request).roles.includes('validador')
    await audit(database.fork(), entrada(request, 'arco.acceso', solicitud))
    const datos = await datosDePersona(database.fork(), solicitud, { reservadas })
    return reply
      .type('application/zip')
      .header('content-disposition', `attachment; filename="datos-${solicitud.folio}.zip"`)
      .header('cache-control', 'no-store')
      .send(
        Readable.from(
          zipDeDatos(datos, panel.files, { faltan: panel.pages.palabras.t('zip_de_datos.faltan'), log: panel.log }),
        ),
      )
  })
  app.post('/admin/privacidad/:folio/rectificar', { config }, async (request, reply) => {
    const solicitud = await buscar(panel, request)
    const form = readForm(correccion, request.body)
    const { ciudadanoId } = solicitud
    if (!form.ok) return mostrar(panel, request, reply, solicitud, form)
    if (ciudadanoId === null) throw new HttpProblem(409, 'Nobody is known who made this request.')
    await database.fork().transactional(async (em) => {
      await rectificar(em, ciudadanoId, form.datos)
      await audit(em, entrada(request, 'arco.rectificar', solicitud))
    })
    return reply.redirect(`/admin/privacidad/${solicitud.folio}?hecho=rectificada`, 303)
  })
  app.post('/admin/privacidad/:folio/oponer', { config }, async (request, reply) => {
    const solicitud = await buscar(panel, request)
    await database.fork().transactional(async (em) => {
      await oponer(em, solicitud, now())
      await audit(em, entrada(request, 'arco.oponer', solicitud))
    })
    return reply.redirect(`/admin/privacidad/${solicitud.folio}?hecho=opuesta`, 303)
  })
  cancelarRoute(app, panel)
}

/** Erased at once and for ever: confirmed, recorded, and refused while something stands in the way, which is said. */
function cancelarRoute(app: FastifyInstance, panel: Panel): void {
  app.post('/admin/privacidad/:folio/cancelar', { config }, async (request, reply) => {
    const solicitud = await buscar(panel, request)
    const form = readForm(confirmacion, request.body)
    if (!form.ok) return mostrar(panel, request, reply, solicitud, form)
    const { database, files, municipio, secretKey, now } = panel
    const impide = await cancelarDatos(
      { database, files, municipio, secretKey, ahora: now() },
      solicitud,
      usuarioDe(request).id,
      (em) => audit(em, entrada(request, 'arco.cancelar', solicitud)),
    )
    if (impide) return mostrar(panel, request, reply, solicitud, { errores: {} }, 409)
    return reply.redirect('/admin/privacidad?hecho=cancelada', 303)
  })
}

const entrada = (request: FastifyRequest, action: string, { folio }: SolicitudArco) => ({
  action,
  objectType: 'peticion',
  objectId: folio,
  usuarioId: usuarioDe(request).id,
  ip: request.ip,
})

async function buscar({ database }: Panel, request: FastifyRequest): Promise<SolicitudArco> {
  const { folio } = params.parse(request.params)
  const found = await solicitudArco(database.fork(), folio)
  if (!found) throw new HttpProblem(404, 'There is no request over personal data of this folio.')
  return found
}

async function mostrar(
  { database, pages }: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  solicitud: SolicitudArco,
  { errores = {}, escrito }: { errores?: Errores; escrito?: object } = {},
  status = Object.keys(errores).length > 0 ? 422 : 200,
): Promise<FastifyReply> {
  const em = database.fork()
  const impide = await impedimentos(em, solicitud)
  const suyo = await suyoDe(em, solicitud)
  const { hecho } = z
    .object({ hecho: z.enum(['rectificada', 'opuesta']).optional().catch(undefined) })
    .parse(request.query)
  const data = { s: solicitud, suyo, impide, puede: nadaImpide(impide), errores, hecho, valores: escrito ?? solicitud }
  return pages.show(request, reply, 'privacidad-solicitud', data, status)
}
