import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { publish } from '../../runtime/events.ts'
import { HttpProblem } from '../../runtime/http.ts'
import { sql } from '../../runtime/sql.ts'
import { marcarLeidos } from '../../workflow/avisos-personales/leer.ts'
import { verConversacion } from '../../workflow/avisos-personales/vigilar.ts'
import { leerBorradores } from '../../workflow/borradores/borradores.ts'
import { nombreDeMedio } from '../../workflow/catalogo/municipio.ts'
import { alcance } from '../../workflow/permisos.ts'
import { type Persona, personalActivo } from '../../workflow/personal.ts'
import { auditBy } from '../audit.ts'
import { contarEnCampana } from '../avisos/campana.ts'
import { claveDe, nombresDeCategorias } from '../captura/borradores.ts'
import type { Panel } from '../deps.ts'
import { type Errores, readForm, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { respuesta } from '../peticion/responder.ts'
import { type Hilo, leerHilo } from './hilo-consulta.ts'
import { veConversaciones } from './hilo-permiso.ts'
import { type EnVentana, ventanaEnPalabras } from './ventana.ts'

interface Espera extends EnVentana {
  id: number
  nombre: string | null
  humanSince: Date | null
  asignada: string | null
  mia: boolean
}

const config = { acceso: SECCIONES.conversaciones.acceso }
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const pase = z.object({ usuario: z.coerce.number({ error: 'elija_persona' }).int().positive() })
const idDe = (request: FastifyRequest) => params.parse(request.params).id

/** Conversations that wait for a person, and one of them. */
export function conversacionesRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, pages } = panel
  const esperan = async (request: FastifyRequest) => {
    const rows = await sql<Espera>(database.fork(), ESPERAN, [usuarioDe(request).id])
    return rows.map((row) => ({ ...row, ventana: ventanaDe(panel, row) }))
  }
  const medio = (codigo: string) => nombreDeMedio(panel.municipio, codigo)
  app.get('/admin/conversaciones', { config }, async (request, reply) =>
    pages.show(request, reply, 'conversaciones', { esperan: await esperan(request), medio }),
  )
  app.get('/admin/conversaciones/lista', { config: { ...config, fondo: true } }, async (request, reply) =>
    pages.show(request, reply, '_esperan', { esperan: await esperan(request), medio }),
  )
  app.get('/admin/conversaciones/:id', { config }, (request, reply) => showConversacion(panel, request, reply))
  app.get('/admin/conversaciones/:id/hilo', { config: { ...config, fondo: true } }, async (request, reply) => {
    const hilo = await find(panel, request)
    if (hilo.asignadaA === usuarioDe(request).id) await verConversacion(database.fork(), hilo.asignadaA, hilo.id)
    return pages.show(request, reply, '_globos', { hilo, url: `/admin/conversaciones/${hilo.id}/hilo` })
  })
  changeRoutes(app, panel)
}

/** Taking a conversation, writing in it, giving it back to the assistant. */
function changeRoutes(app: FastifyInstance, panel: Panel): void {
  app.post('/admin/conversaciones/:id/tomar', { config }, async (request, reply) => {
    const { id } = await find(panel, request)
    await panel.database.fork().transactional((em) => tomar(em, request, id))
    return reply.redirect(`/admin/conversaciones/${id}`, 303)
  })
  app.post('/admin/conversaciones/:id/responder', { config }, async (request, reply) => {
    const { id, bloqueado } = await find(panel, request)
    const form = readForm(respuesta, request.body)
    if (!form.ok) return showConversacion(panel, request, reply, form.errores)
    if (bloqueado) return showConversacion(panel, request, reply, { texto: 'bloqueado' })
    await panel.database.fork().transactional(async (em) => {
      await tomar(em, request, id)
      await panel.outbox.enviar(em, id, [{ text: form.datos.texto }], { usuarioId: usuarioDe(request).id })
      await anotar(em, request, 'conversacion.responder', id)
    })
    panel.pipeline.wakeSend(id)
    return reply.redirect(`/admin/conversaciones/${id}`, 303)
  })
  app.post('/admin/conversaciones/:id/pasar', { config }, async (request, reply) => {
    const { id } = await find(panel, request)
    const form = readForm(pase, request.body)
    const quienes = await atienden(panel.database.fork())
    const a = form.ok ? quienes.find((one) => one.id === form.datos.usuario) : undefined
    if (!a) return showConversacion(panel, request, reply, { usuario: 'elija_persona' })
    await panel.database.fork().transactional((em) => tomar(em, request, id, a.id))
    return reply.redirect('/admin/conversaciones', 303)
  })
  app.post('/admin/conversaciones/:id/devolver', { config }, async (request, reply) => {
    const { id } = await find(panel, request)
    await panel.returnToBot(id)
    await anotar(panel.database.fork(), request, 'conversacion.devolver', id)
    return reply.redirect('/admin/conversaciones', 303)
  })
}

/** Who attends conversations, by name. */
async function atienden(em: EntityManager): Promise<Persona[]> {
  return (await personalActivo(em)).filter(veConversaciones)
}

function ventanaDe({ channelOf, municipio, now, pages }: Panel, one: EnVentana) {
  const canal = nombreDeMedio(municipio, one.channel)
  return ventanaEnPalabras(one, channelOf(one.channel, one.account), now(), pages.palabras, canal)
}

async function showConversacion(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  errores?: Errores,
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const hilo = await find(panel, request)
  if (request.method === 'GET') {
    await anotar(em, request, 'conversacion.ver', hilo.id)
    await leerSusAvisos(panel, request, hilo)
  }
  const { sql: condicion, params: own } = alcance(usuario, 2)
  const peticiones = await sql(
    em,
    `select p.folio, p.asunto, p.estado, p.registrada_at as "registradaAt"
       from conversation c join peticion p on p.address_id = c.address_id
      where c.id = $1 and ${condicion} order by p.id desc limit 20`,
    [hilo.id, ...own],
  )
  const borradores = await leerBorradores(em, {
    antes: new Date(8.64e15),
    conversationId: hilo.id,
    reservadas: usuario.roles.includes('validador'),
  })
  const captura = SECCIONES.borradores.acceso.some((rol) => usuario.roles.includes(rol))
  const data = {
    hilo,
    dichos: borradores.map((one) => ({ ...one, clave: captura ? claveDe(one) : undefined })),
    categorias: await nombresDeCategorias(em),
    peticiones,
    errores,
    escrito: errores ? typed(request.body) : {},
    conversacion: hilo.id,
    mira: `conversacion-${hilo.id}`,
    canal: nombreDeMedio(panel.municipio, hilo.channel),
    ventana: ventanaDe(panel, hilo),
    colegas: (await atienden(em)).filter((one) => one.id !== hilo.asignadaA && one.id !== usuario.id),
  }
  return panel.pages.show(request, reply, 'conversacion', data, errores ? 422 : 200)
}

/** Who opens it has read its notices, and what was said in it. */
async function leerSusAvisos(panel: Panel, request: FastifyRequest, { id, asignadaA }: Hilo): Promise<void> {
  if (request.headers['sec-purpose']?.includes('prefetch')) return
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const read = await marcarLeidos(em, usuario.id, { conversationId: id }, panel.now())
  if (asignadaA === usuario.id) await verConversacion(em, usuario.id, id)
  if (read > 0) await contarEnCampana(panel, request)
}

async function find({ database }: Panel, request: FastifyRequest): Promise<Hilo> {
  const hilo = await leerHilo(database.fork(), usuarioDe(request), idDe(request))
  if (!hilo) throw new HttpProblem(404, 'There is no such conversation.')
  return hilo
}

/** From now on this person speaks, or whom they pass it to; the assistant is silent. Waits for a turn that is under way. */
async function tomar(em: EntityManager, request: FastifyRequest, id: number, pasadaA?: number): Promise<void> {
  await sql(em, 'select 1 from conversation where id = $1 for no key update', [id])
  await sql(
    em,
    `update conversation set mode = 'human', human_since = coalesce(human_since, now()), assigned_to = $2 where id = $1`,
    [id, pasadaA ?? usuarioDe(request).id],
  )
  await anotar(em, request, pasadaA === undefined ? 'conversacion.tomar' : 'conversacion.pasar', id)
  await publish(em, { topic: 'turn', conversation: id })
}

const anotar = (em: EntityManager, request: FastifyRequest, action: string, id: number) =>
  auditBy(em, request, { action, objectType: 'conversation', objectId: id })

const ESPERAN = `
select c.id, a.name as nombre, a.channel, a.account, c.human_since as "humanSince", c.last_inbound_at as "lastInboundAt",
       u.nombre as asignada, c.assigned_to is not distinct from $1 as mia
  from conversation c join address a on a.id = c.address_id left join usuario u on u.id = c.assigned_to
 where c.mode = 'human' order by c.assigned_to is not null, c.human_since, c.id limit 200`
