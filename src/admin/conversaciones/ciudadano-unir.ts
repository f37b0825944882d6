import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { separarCiudadanos, unirCiudadanos } from '../../workflow/personas/union-de-ciudadanos.ts'
import { parseFolio } from '../../workflow/peticion/folio.ts'
import { PersonasCambiaron } from '../../workflow/peticion/rechazos.ts'
import { auditBy } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { type Errores, type Escrito, linea, readForm, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { idDe, showCiudadano, UNEN_PERSONAS, vista } from './ciudadano.ts'
import { leerPersona, type PersonaDetallada, personaDeFolio } from './ciudadano-consulta.ts'

const config = { acceso: UNEN_PERSONAS }
const numero = z.coerce.number({ error: 'falta' }).int().positive().max(Number.MAX_SAFE_INTEGER)
const conQuien = z.object({
  con: numero.optional().catch(undefined),
  folio: z.string().max(40).optional().catch(undefined),
})
const union = z.object({ con: numero, motivo: linea(500) })
const separacion = z.object({ union: numero, motivo: linea(500) })

/** Saying that two persons are one, after seeing both, and taking that back. */
export function unirCiudadanosRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/ciudadanos/:id/unir', { config }, async (request, reply) => {
    const { con, folio } = conQuien.parse(request.query)
    const usuario = usuarioDe(request)
    const otra = con ?? (folio === undefined ? undefined : await deFolio(panel, request, folio))
    const em = panel.database.fork()
    const persona = await leerPersona(em, usuario, idDe(request))
    const suya = otra === undefined ? undefined : await leerPersona(em, usuario, otra)
    if (!suya) return otraVez(panel, request, reply, { folio: 'sin_persona' }, { folio: folio ?? '' })
    if (suya.id === persona.id)
      return otraVez(panel, request, reply, { folio: 'misma_persona' }, { folio: folio ?? '' })
    return show(panel, request, reply, persona, suya)
  })
  app.post('/admin/ciudadanos/:id/unir', { config }, (request, reply) => unir(panel, request, reply))
  app.post('/admin/ciudadanos/:id/separar', { config }, (request, reply) => separar(panel, request, reply))
}

/** However it was typed; an anonymous petition is of nobody. */
function deFolio({ database, municipio }: Panel, request: FastifyRequest, texto: string): Promise<number | undefined> {
  const leido = parseFolio(texto, municipio.folio.prefijo)
  return personaDeFolio(database.fork(), usuarioDe(request), leido.kind === 'folio' ? leido.folio : texto)
}

const otraVez = (panel: Panel, request: FastifyRequest, reply: FastifyReply, errores: Errores, escrito: Escrito) =>
  showCiudadano(panel, request, reply, { errores, escrito }, 422)

/** Both sides beside each other, and the question. */
function show(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  persona: PersonaDetallada,
  otra: PersonaDetallada,
  { errores = {}, escrito = {}, status = 200 }: { errores?: Errores; escrito?: Escrito; status?: number } = {},
): FastifyReply {
  return panel.pages.show(
    request,
    reply,
    'ciudadano-unir',
    { ...vista(panel, persona), otra, errores, escrito },
    status,
  )
}

async function unir(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const usuario = usuarioDe(request)
  const em = panel.database.fork()
  const persona = await leerPersona(em, usuario, idDe(request))
  const otra = await leerPersona(em, usuario, z.object({ con: numero }).parse(request.body).con)
  const form = readForm(union, request.body)
  if (!form.ok) return show(panel, request, reply, persona, otra, { ...form, status: 422 })
  const { con: unido, motivo } = form.datos
  const queda = idDe(request)
  try {
    await panel.database.fork().transactional(async (tx) => {
      const id = await unirCiudadanos(tx, { queda, unido }, { tipo: 'usuario', usuarioId: usuario.id, motivo })
      await auditBy(tx, request, {
        action: 'ciudadano.unir',
        objectType: 'ciudadano',
        objectId: queda,
        detail: { unido, union: id },
      })
    })
  } catch (error) {
    return decirCambio(error, panel, request, reply)
  }
  return reply.redirect(`/admin/ciudadanos/${queda}?hecho=unir`, 303)
}

async function separar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const usuario = usuarioDe(request)
  const { id: queda } = await leerPersona(panel.database.fork(), usuario, idDe(request))
  const form = readForm(separacion, request.body)
  if (!form.ok) return showCiudadano(panel, request, reply, form, 422)
  const { union: id, motivo } = form.datos
  try {
    await panel.database.fork().transactional(async (tx) => {
      const { unido } = await separarCiudadanos(tx, { union: id, queda }, { usuarioId: usuario.id, motivo })
      await auditBy(tx, request, {
        action: 'ciudadano.separar',
        objectType: 'ciudadano',
        objectId: queda,
        detail: { unido, union: id },
      })
    })
  } catch (error) {
    return decirCambio(error, panel, request, reply)
  }
  return reply.redirect(`/admin/ciudadanos/${queda}?hecho=separar`, 303)
}

/** Somebody else joined or took apart meanwhile: what was typed is shown beside how it is now. */
function decirCambio(error: unknown, panel: Panel, request: FastifyRequest, reply: FastifyReply) {
  if (!(error instanceof PersonasCambiaron)) throw error
  const forma = { errores: { forma: 'personas_cambiaron' }, escrito: typed(request.body) }
  return showCiudadano(panel, request, reply, forma, 409)
}
