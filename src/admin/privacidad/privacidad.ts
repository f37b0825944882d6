import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { alcance } from '../../workflow/permisos.ts'
import { solicitudesArco } from '../../workflow/privacidad/arco.ts'
import { abrirBloqueados, constancias, contarBloqueados } from '../../workflow/privacidad/bloqueados.ts'
import { ALCANCES_DE_RETENCION, levantar, retenciones, retener } from '../../workflow/privacidad/retencion-legal.ts'
import { audit } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { linea, readForm } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'

const config = { acceso: SECCIONES.privacidad.acceso }
const soloAdministrador = { acceso: ['administrador'] as const }
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const nueva = z.object({
  folio: linea(40),
  alcance: z.enum(ALCANCES_DE_RETENCION, { error: 'opcion' }),
  motivo: linea(500),
})
const apertura = z.object({ folio: linea(40), motivo: linea(500) })

/** Requests over personal data, what is under a legal hold, what is blocked, and what was erased. */
export function privacidadRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, now } = panel
  app.get('/admin/privacidad', { config }, (request, reply) => mostrar(panel, request, reply))
  app.post('/admin/privacidad/retenciones', { config }, async (request, reply) => {
    const form = readForm(nueva, request.body)
    if (!form.ok) return mostrar(panel, request, reply, { errores: form.errores, escrito: form.escrito }, 422)
    const { folio, alcance: cual, motivo } = form.datos
    const usuario = usuarioDe(request)
    const peticion = await peticionAlAlcance(panel, request, folio)
    const quien = { usuarioId: usuario.id, motivo, ahora: now() }
    const id = await database.fork().transactional(async (em) => {
      const made = peticion && (await retener(em, { peticionId: peticion.id, alcance: cual }, quien))
      if (made) await audit(em, entrada(request, 'retencion.poner', 'retencion', made))
      return made
    })
    if (id) return reply.redirect('/admin/privacidad?hecho=retenida#t-retenciones', 303)
    const errores = { folio: peticion ? 'no_se_sabe_quien' : 'folio_no_existe' }
    return mostrar(panel, request, reply, { errores, escrito: form.datos }, 422)
  })
  app.post('/admin/privacidad/retenciones/:id/levantar', { config }, async (request, reply) => {
    const { id } = params.parse(request.params)
    const form = readForm(z.object({ motivo: linea(500) }), request.body)
    if (!form.ok) return mostrar(panel, request, reply, { errores: { [`motivo-${id}`]: 'falta' } }, 422)
    await database.fork().transactional(async (em) => {
      const quien = { usuarioId: usuarioDe(request).id, motivo: form.datos.motivo, ahora: now() }
      if (!(await levantar(em, id, quien))) throw new HttpProblem(404, 'There is no such hold in force.')
      await audit(em, entrada(request, 'retencion.levantar', 'retencion', id))
    })
    return reply.redirect('/admin/privacidad?hecho=levantada#t-retenciones', 303)
  })
  bloqueadosRoute(app, panel)
}

/** What is blocked is shown to an administrator who says why, and that is written down before it is shown. */
function bloqueadosRoute(app: FastifyInstance, panel: Panel): void {
  app.post('/admin/privacidad/bloqueados', { config: soloAdministrador }, async (request, reply) => {
    const form = readForm(apertura, request.body)
    if (!form.ok) return mostrar(panel, request, reply, { errores: conPrefijo(form.errores), abrir: form.escrito }, 422)
    const { folio, motivo } = form.datos
    const peticion = await peticionAlAlcance(panel, request, folio)
    if (!peticion?.bloqueada) {
      const errores = { 'abrir-folio': peticion ? 'no_bloqueada' : 'folio_no_existe' }
      return mostrar(panel, request, reply, { errores, abrir: form.datos }, 422)
    }
    const em = panel.database.fork()
    await audit(em, { ...entrada(request, 'bloqueo.abrir', 'peticion', peticion.folio), detail: { motivo } })
    const abiertas = await abrirBloqueados(em, peticion.id, panel.secretKey)
    return panel.pages.show(request, reply, 'privacidad-bloqueados', { folio: peticion.folio, abiertas, motivo })
  })
}

const conPrefijo = (errores: Record<string, string>) =>
  Object.fromEntries(Object.entries(errores).map(([campo, codigo]) => [`abrir-${campo}`, codigo]))

const entrada = (request: FastifyRequest, action: string, objectType: string, objectId: number | string) => ({
  action,
  objectType,
  objectId,
  usuarioId: usuarioDe(request).id,
  ip: request.ip,
})

function peticionAlAlcance({ database }: Panel, request: FastifyRequest, folio: string) {
  const { sql, params: own } = alcance(usuarioDe(request), 2)
  return sqlOne<{ id: number; folio: string; bloqueada: boolean }>(
    database.fork(),
    `select p.id, p.folio, p.bloqueada_at is not null as bloqueada from peticion p where p.folio = upper($1) and ${sql}`,
    [folio, ...own],
  )
}

interface Escrito {
  errores?: Record<string, string>
  escrito?: object
  abrir?: object
}

async function mostrar(
  { database, pages, municipio }: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  { errores = {}, escrito = {}, abrir = {} }: Escrito = {},
  status = 200,
): Promise<FastifyReply> {
  const em = database.fork()
  const hecho = z.object({ hecho: z.enum(['retenida', 'levantada', 'cancelada']).optional().catch(undefined) })
  const data = {
    ...hecho.parse(request.query),
    solicitudes: await solicitudesArco(em),
    retenciones: await retenciones(em),
    bloqueados: await contarBloqueados(em),
    constancias: await constancias(em, municipio.zona_horaria),
    alcances: ALCANCES_DE_RETENCION,
    plazos: municipio.retencion,
    errores,
    escrito,
    abrir,
  }
  return pages.show(request, reply, 'privacidad', data, status)
}
