import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { attempt, type Limit, subscriberOf, throttleKey } from '../../runtime/throttle.ts'
import type { Panel } from '../deps.ts'
import { type Errores, readForm } from '../form.ts'
import { type Liga, leerLiga, usarLiga } from './ligas.ts'
import { passwordProblem } from './password.ts'

/** A token cannot be guessed; this only keeps the hashing of passwords cheap for us. */
const PER_ADDRESS: Limit = { hits: 60, seconds: 900 }

const params = z.object({ token: z.string().max(200) })
const form = z.object({
  password_nueva: z.string({ error: 'falta' }).min(1, 'falta').max(1024, 'largo'),
  password_repetida: z.string({ error: 'falta' }).max(1024, 'largo'),
})

/** Choosing a password by the link of an invitation or of a reset: whoever holds the link, once. */
export function accesoRoutes(app: FastifyInstance, panel: Panel): void {
  const publica = { config: { acceso: 'publica' as const } }
  app.get('/admin/acceso/:token', publica, async (request, reply) => show(panel, request, reply))
  app.post('/admin/acceso/:token', publica, async (request, reply) => {
    const em = panel.database.fork()
    const verdict = await attempt(em, throttleKey('acceso', subscriberOf(request.ip)), PER_ADDRESS)
    if (!verdict.allowed) return show(panel, request, reply, { password_nueva: 'password_espere' })
    const { token } = params.parse(request.params)
    const sent = readForm(form, request.body)
    const liga = await leerLiga(em, token)
    if (!liga) return show(panel, request, reply)
    const errores = sent.ok ? problemsOf(panel, liga, sent.datos) : sent.errores
    if (!sent.ok || errores) return show(panel, request, reply, errores)
    if (!(await usarLiga(em, token, sent.datos.password_nueva, request.ip))) return show(panel, request, reply)
    return reply.redirect('/admin/login?hecho=password', 303)
  })
}

async function show(
  { pages, database }: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  errores?: Errores,
): Promise<FastifyReply> {
  const { token } = params.parse(request.params)
  const liga = await leerLiga(database.fork(), token)
  if (!liga) return pages.show(request, reply, 'acceso-vencido', {}, 404)
  // The address holds the token: no page that is opened from here is told it. Not `no-referrer`: with it a browser sends the form from
  // the origin `null` (Fetch, "append a request Origin header"), which the guard takes for another site.
  reply.header('referrer-policy', 'strict-origin').header('cache-control', 'no-store')
  return pages.show(request, reply, 'acceso', { liga, token, errores }, errores ? 422 : 200)
}

function problemsOf({ municipio }: Panel, liga: Liga, sent: z.output<typeof form>): Errores | undefined {
  const problem = passwordProblem(sent.password_nueva, [liga.email, liga.nombre, municipio.municipio.nombre])
  if (problem) return { password_nueva: problem }
  return sent.password_nueva === sent.password_repetida ? undefined : { password_repetida: 'password_repetida' }
}
