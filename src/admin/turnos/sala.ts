import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { type Pantalla, pantallaDe } from '../../workflow/turnos/pantallas.ts'
import { llamados } from '../../workflow/turnos/turnos.ts'
import type { Panel } from '../deps.ts'

/** A line now and then keeps proxies from closing the stream; then the screen is looked at again too. Milliseconds. */
const HEARTBEAT = 25_000
/** The one called last in big letters, and these before it. */
const SHOWN = 6
/** Open streams of one screen's link; a link that went round would otherwise hold any number. */
const STREAMS = 20

const publica = { acceso: 'publica' as const, fondo: true }

/** A waiting room's screen: called turnos with their módulo and nothing else, for whoever has its link. */
export function salaRoutes(app: FastifyInstance, panel: Panel): void {
  const open = new Map<string, Set<() => void>>()
  app.addHook('preClose', async () => {
    for (const ends of open.values()) for (const end of ends) end()
  })
  app.get('/admin/sala/:token', { config: publica }, (request, reply) => show(panel, request, reply, 'sala'))
  app.get('/admin/sala/:token/turnos', { config: publica }, (request, reply) => show(panel, request, reply, '_sala'))
  app.get('/admin/sala/:token/eventos', { config: publica }, async (request, reply) => {
    const { modulo } = await find(panel, request)
    const token = tokenDe(request)
    const streams = open.get(token) ?? new Set()
    open.set(token, streams)
    if (streams.size >= STREAMS) throw new HttpProblem(429, 'This screen is open too often.')
    const end = stream(panel, request, reply, modulo)
    streams.add(end)
    request.raw.on('close', () => {
      end()
      streams.delete(end)
      if (streams.size === 0) open.delete(token)
    })
    return reply
  })
}

async function show(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  view: 'sala' | '_sala',
): Promise<FastifyReply> {
  const { modulo } = await find(panel, request)
  const { municipio, database, now, pages } = panel
  const cuando = { ahora: now(), zona: municipio.zona_horaria, n: SHOWN }
  const nombres = Object.fromEntries(municipio.modulos.map(({ codigo, nombre }) => [codigo, nombre]))
  reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store')
  return pages.show(request, reply, view, {
    token: tokenDe(request),
    sala: modulo && nombres[modulo],
    nombres,
    llamados: await llamados(database.fork(), modulo, cuando),
  })
}

/** Tells the screen that there is something new; it asks for it. */
function stream(panel: Panel, request: FastifyRequest, reply: FastifyReply, modulo: string | null): () => void {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  raw.write('retry: 3000\n\n')
  const stop = panel.events.on('turno', (event) => {
    const mine = event.topic === 'resync' || modulo === null || ('modulo' in event && event.modulo === modulo)
    if (mine) raw.write('event: turno\ndata: \n\n')
  })
  let ended = false
  const heartbeat = setInterval(() => beat(), HEARTBEAT)
  const end = () => {
    ended = true
    stop()
    clearInterval(heartbeat)
    raw.end()
  }
  const beat = async () => {
    const there = await find(panel, request).catch((error: unknown) => !(error instanceof HttpProblem))
    // It may have been closed meanwhile.
    if (ended) return
    if (there === false) end()
    else raw.write(': \n\n')
  }
  return end
}

const tokenDe = (request: FastifyRequest) => z.object({ token: z.string().max(200) }).parse(request.params).token

async function find({ database, now }: Panel, request: FastifyRequest): Promise<Pantalla> {
  const pantalla = await pantallaDe(database.fork(), tokenDe(request), now())
  if (!pantalla) throw new HttpProblem(404, 'There is no such screen.')
  return pantalla
}
