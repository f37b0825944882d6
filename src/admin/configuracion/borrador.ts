import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { StartupProblem } from '../../runtime/problem.ts'
import {
  type Borrador,
  claveDe,
  guardarBorrador,
  leerBorrador,
  resolver,
} from '../../workflow/configuracion/borrador.ts'
import { type Efecto, efectosDe } from '../../workflow/configuracion/efectos.ts'
import { publicarCambios, YaCambio } from '../../workflow/configuracion/publicar.ts'
import type { Replayed } from '../../workflow/replay/replay.ts'
import { audit } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { URL_BORRADOR } from './anotar.ts'
import type { Avance } from './deps.ts'
import { faltasDe } from './faltas.ts'
import { miBorrador, revisar } from './leer.ts'
import { decirCambios, decirChoques, loQueRegresa } from './palabras-de-cambio.ts'

const config = { acceso: SECCIONES.configuracion.acceso }
const publicarForma = z.object({
  base: z.coerce.number().int().nonnegative(),
  nota: z.string().trim().max(300).default(''),
})
const consulta = z.object({ antes: z.enum(['termine', 'choques', 'subido']).optional().catch(undefined) })
const quitarForma = z.object({
  clave: z.string().max(2_000),
  conservar: z.literal('si').optional(),
  /** Where it was decided. */
  volver: z.literal('documentos').optional().catch(undefined),
})

/** What one is about to publish: all differences, what they do, the check with stored conversations, and publishing. */
export function borradorRoutes(app: FastifyInstance, panel: Panel): void {
  app.get(URL_BORRADOR, { config }, (request, reply) => mostrar(panel, request, reply))
  app.get(`${URL_BORRADOR}/avance`, { config: { ...config, fondo: true } }, (request, reply) => {
    const avance = avances.get(usuarioDe(request).id)
    return avance ? panel.pages.show(request, reply, '_configuracion-avance', { ...avance }) : reply.code(204).send()
  })
  app.post(`${URL_BORRADOR}/probar`, { config }, async (request, reply) => {
    const { documentos } = await miBorrador(panel, request)
    return mostrar(panel, request, reply, await probar(panel, request, documentos))
  })
  app.post(`${URL_BORRADOR}/publicar`, { config }, (request, reply) => publicar(panel, request, reply))
  app.post(`${URL_BORRADOR}/quitar`, { config }, async (request, reply) => {
    const { clave, conservar, volver } = quitarForma.parse(request.body)
    const { cambios, choques, deshace } = await miBorrador(panel, request)
    const actual = choques.find((one) => claveDe(one) === clave)?.actual
    const quedan = resolver(cambios, clave, actual, conservar === 'si')
    await guardarBorrador(panel.database.fork(), usuarioDe(request).id, quedan, deshace)
    return reply.redirect(volver ? '/admin/configuracion/documentos' : URL_BORRADOR, 303)
  })
  app.post(`${URL_BORRADOR}/descartar`, { config }, async (request, reply) => {
    await guardarBorrador(panel.database.fork(), usuarioDe(request).id, [], null)
    return reply.redirect('/admin/configuracion?hecho=descartado', 303)
  })
}

interface Vuelta {
  probado?: Replayed
  problema?: string
  /** Why it is published, as it was typed. */
  nota?: string
  /** Somebody published while one looked. */
  yaCambio?: true
  status?: number
}

async function mostrar(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  vuelta: Vuelta = {},
): Promise<FastifyReply> {
  const borrador = await miBorrador(panel, request)
  const { cambios, vigente, documentos, deshace } = borrador
  const { efectos, problema } = await loQueHaria(panel, borrador)
  const dichos = decirCambios(cambios, { ...vigente.documentos, ...documentos }, panel.pages.palabras)
  const chocados = await decirChoques(panel, borrador)
  const libres = dichos.filter((one) => !chocados.some((choque) => choque.clave === one.clave))
  const { antes } = consulta.parse(request.query ?? {})
  const regresan = antes === 'subido' ? await loQueRegresa(panel.database.fork(), cambios) : undefined
  const avisados = libres.map((one) => ({ ...one, regresa: regresan?.get(one.clave) }))
  const datos = { antes, cambios: avisados, choques: chocados, efectos, deshace, base: vigente.publicacion, ...vuelta }
  return panel.pages.show(
    request,
    reply,
    'configuracion-borrador',
    {
      ...datos,
      faltas: faltasDe(
        vuelta.problema ?? problema ?? '',
        { ...vigente.documentos, ...documentos },
        panel.pages.palabras,
      ),
    },
    vuelta.status ?? 200,
  )
}

async function loQueHaria(
  panel: Panel,
  { cambios, choques, vigente, documentos }: Borrador,
): Promise<{ efectos: Efecto[]; problema?: string }> {
  if (cambios.length === 0) return { efectos: [] }
  const despues = await revisar(panel, documentos)
  if ('problema' in despues) return { efectos: [], problema: despues.problema }
  const antes = await panel.configuracion.leer(vigente.documentos)
  const vivos = cambios.filter((one) => !choques.some((choque) => claveDe(choque) === claveDe(one)))
  return { efectos: await efectosDe(panel.database.fork(), vivos, antes, despues.leida, panel.now()) }
}

/** Of the trials that this process is at, by who waits for them. */
const avances = new Map<number, Avance>()

async function probar(
  { configuracion }: Panel,
  request: FastifyRequest,
  documentos: Borrador['documentos'],
): Promise<Vuelta> {
  const { id } = usuarioDe(request)
  try {
    const probado = await configuracion.probar(documentos, (avance) => void avances.set(id, avance))
    return { probado }
  } catch (error) {
    if (!(error instanceof StartupProblem)) throw error
    return { problema: error.message, status: 422 }
  } finally {
    avances.delete(id)
  }
}

async function publicar(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { base, nota } = publicarForma.parse(request.body)
  const { cambios, deshace, documentos, choques } = await miBorrador(panel, request)
  if (cambios.length === 0) throw new HttpProblem(409, 'There is nothing to publish.')
  if (choques.length > 0) return mostrar(panel, request, reply, { nota, yaCambio: true, status: 409 })
  const prueba = await probar(panel, request, documentos)
  if (prueba.problema !== undefined) return mostrar(panel, request, reply, { ...prueba, nota })
  if (prueba.probado && perdidas(prueba.probado) > 0)
    return mostrar(panel, request, reply, { ...prueba, nota, status: 422 })
  const usuarioId = usuarioDe(request).id
  const { configuracion, database, now } = panel
  try {
    const id = await database.fork().transactional(async (em) => {
      // What was added in another window was not tried.
      const ahora = await leerBorrador(em, usuarioId)
      if (!isDeepStrictEqual(ahora.cambios, cambios)) throw new YaCambio([])
      const asiento = { origen: 'panel' as const, usuarioId, nota, ...(deshace !== null && { deshace }) }
      const hecha = await publicarCambios(em, { ...asiento, cambios, base }, { leer: configuracion.leer, ahora: now() })
      await guardarBorrador(em, usuarioId, [], null)
      const detail = { documentos: [...new Set(cambios.map((one) => one.documento))], cambios: cambios.length }
      const objeto = { objectType: 'configuracion', objectId: hecha, detail }
      await audit(em, { usuarioId, ip: request.ip, action: 'configuracion.publicar', ...objeto })
      return hecha
    })
    await configuracion.ponerseAlDia()
    return reply.redirect(`/admin/configuracion/publicaciones/${id}?hecho=publicado`, 303)
  } catch (error) {
    if (!(error instanceof YaCambio)) throw error
    return mostrar(panel, request, reply, { nota, yaCambio: true, status: 409 })
  }
}

/** Conversations that reached a folio and no longer would because of these settings. */
const perdidas = ({ lost }: Replayed): number => lost.filter((one) => one.cause === 'settings').length
