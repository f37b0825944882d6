import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Event } from '../runtime/events.ts'
import type { UsuarioActor } from '../workflow/actor.ts'
import { type Alcanzable, alcanza } from '../workflow/permisos.ts'
import { veCanales } from './canales/canales.ts'
import { puedeLeerHilo, veConversaciones } from './conversaciones/hilo-permiso.ts'
import { readSessionCookie } from './cuentas/cookie.ts'
import { findSession } from './cuentas/session.ts'
import type { Panel } from './deps.ts'
import { usuarioDe } from './guard.ts'
import { SECCIONES } from './menu.ts'
import { estar, irse, leerMirado, type Mirado, puedeMirar } from './presencia/presentes.ts'

/** What a page may be told: only that something changed; it asks for the rest, with its own permission. */
type Aviso = 'turno' | 'peticion' | 'hilo' | 'conversaciones' | 'redes' | 'canal' | 'aviso' | 'presencia'

/** Notices that come together are one; milliseconds. */
const GATHER = 250
/** A line now and then keeps proxies from closing the stream; then the session is looked at again too. */
const HEARTBEAT = 25_000

const query = z.object({
  conversacion: z.coerce.number().int().positive().optional().catch(undefined),
  mira: z.string().max(40).optional().catch(undefined).transform(leerMirado),
})

/** Live news of what this user may see, as server-sent events. */
export function eventosRoutes(app: FastifyInstance, panel: Panel): void {
  const open = new Set<() => void>()
  // A stream never ends by itself: the server could not stop.
  app.addHook('preClose', async () => {
    for (const end of open) end()
  })
  app.get('/admin/eventos', { config: { acceso: 'todos', fondo: true } }, async (request, reply) => {
    const usuario = usuarioDe(request)
    const { conversacion, mira } = query.parse(request.query)
    const hilo =
      conversacion && (await puedeLeerHilo(panel.database.fork(), usuario, conversacion)) ? conversacion : undefined
    const mirado = mira && (await puedeMirar(panel.database.fork(), usuario, mira)) ? mira : undefined
    const end = stream(panel, request, reply, { hilo, mirado })
    open.add(end)
    request.raw.on('close', () => {
      end()
      open.delete(end)
    })
    return reply
  })
}

/** Writes to the browser until one side ends; gives the function that ends it. */
function stream(panel: Panel, request: FastifyRequest, reply: FastifyReply, vista: Vista): () => void {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  raw.write('retry: 3000\n\n')
  let usuario: UsuarioActor = usuarioDe(request)
  let ended = false
  const waiting = new Set<Aviso>()
  let flush: NodeJS.Timeout | undefined
  const tell = (aviso: Aviso | undefined) => {
    if (!aviso || ended) return
    waiting.add(aviso)
    flush ??= setTimeout(() => {
      flush = undefined
      for (const one of waiting) raw.write(`event: ${one}\ndata: \n\n`)
      waiting.clear()
    }, GATHER)
  }
  const look = async () => {
    const now = await sessionOf(panel, request)
    // The page may have been closed while the session was looked at.
    if (ended) return
    if (now === 'ended') return end()
    usuario = now
    presente.sigue()
    raw.write(': \n\n')
  }
  const stops = [
    ...listenFor(panel, () => usuario, vista, tell),
    panel.events.on('acceso', (event) => {
      if (event.topic === 'resync' || ('usuario' in event && event.usuario === usuario.id)) void look()
    }),
  ]
  const presente = presentarse(panel, usuario.id, vista.mirado)
  const heartbeat = setInterval(look, HEARTBEAT)
  const end = () => {
    ended = true
    for (const stop of stops) stop()
    presente.termina()
    clearInterval(heartbeat)
    clearTimeout(flush)
    raw.end()
  }
  return end
}

/** What the page that listens shows. */
interface Vista {
  /** A conversation whose thread it shows. */
  hilo: number | undefined
  /** What its colleagues are told that it looks at. */
  mirado: Mirado | undefined
}

/** Tells colleagues that the page is there, for as long as it is; a database that is away is no reason to end a stream. */
function presentarse({ database, log }: Panel, usuarioId: number, mirado: Mirado | undefined) {
  const pagina = randomUUID()
  let turn: Promise<void> = Promise.resolve()
  let ended = false
  // One after another: a page that was closed at once has left when it has come.
  const inTurn = (act: () => Promise<void>) => {
    turn = turn.then(act).catch((error) => log.debug({ err: error }, 'who looks at what could not be told'))
  }
  const sigue = () => mirado && !ended && inTurn(() => estar(database.fork(), pagina, usuarioId, mirado))
  sigue()
  return {
    sigue,
    termina: () => {
      if (mirado && !ended) inTurn(() => irse(database.fork(), pagina, mirado))
      ended = true
    },
  }
}

function listenFor(
  { events }: Panel,
  usuario: () => UsuarioActor,
  { hilo, mirado }: Vista,
  tell: (aviso: Aviso | undefined) => void,
): (() => void)[] {
  const ofThread = (event: Event) => hilo !== undefined && event.conversation === hilo
  return [
    events.on('peticion', (event) =>
      tell(event.topic === 'resync' || concierne(usuario(), event) ? 'peticion' : undefined),
    ),
    events.on('turn', (event) => {
      if (event.topic === 'resync' || ofThread(event)) tell('hilo')
      if (veConversaciones(usuario())) tell('conversaciones')
    }),
    events.on('presencia', (event) => {
      const same = 'objeto' in event && event.objeto === mirado?.objeto && event.id === mirado.id
      if (mirado && (event.topic === 'resync' || same)) tell('presencia')
    }),
    events.on('channel', () => tell(veCanales(usuario()) ? 'canal' : undefined)),
    events.on('aviso', (event) =>
      tell(event.topic === 'resync' || ('usuario' in event && event.usuario === usuario().id) ? 'aviso' : undefined),
    ),
    events.on('turno', () => tell(veTurnos(usuario()) ? 'turno' : undefined)),
    events.on('comentario', () => tell(veRedes(usuario()) ? 'redes' : undefined)),
    events.on('attachment', (event) => tell(event.topic === 'resync' || ofThread(event) ? 'hilo' : undefined)),
  ]
}

const veTurnos = ({ roles }: UsuarioActor) => SECCIONES.turnos.acceso.some((rol) => roles.includes(rol))

const veRedes = ({ roles }: UsuarioActor) => SECCIONES.redes.acceso.some((rol) => roles.includes(rol))

/** Is a change of a petition for this user: is it within reach now, or was it until then? */
export function concierne(usuario: UsuarioActor, event: Event): boolean {
  const peticion: Alcanzable = {
    dependenciaId: textOrNull(event.dependenciaId),
    medio: textOrNull(event.medio) ?? '',
    capturadaPor: typeof event.capturadaPor === 'number' ? event.capturadaPor : null,
    reservada: event.reservada !== false,
  }
  const antes = { ...peticion, dependenciaId: textOrNull(event.antes) }
  return alcanza(usuario, peticion) || (antes.dependenciaId !== null && alcanza(usuario, antes))
}

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null)

/** The user as they are now; a database that is away is no reason to end the stream. */
async function sessionOf(
  { database, publicUrl, log }: Panel,
  request: FastifyRequest,
): Promise<UsuarioActor | 'ended'> {
  try {
    const id = readSessionCookie(request, publicUrl)
    return (id && (await findSession(database.fork(), id, false))?.usuario) || 'ended'
  } catch (error) {
    log.debug({ err: error }, 'a session could not be looked at; its stream goes on')
    return usuarioDe(request)
  }
}
