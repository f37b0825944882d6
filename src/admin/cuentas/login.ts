import type { EntityManager } from '@mikro-orm/postgresql'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sql } from '../../runtime/sql.ts'
import { attempt, forget, forgive, type Limit, subscriberOf, throttleKey } from '../../runtime/throttle.ts'
import { audit } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './cookie.ts'
import { verifyPassword } from './password.ts'
import { closeSession, hashOf, heredarPush, openSession, pruneSessions } from './session.ts'
import { findByEmail } from './usuario.ts'

/** Only failures count. The e-mail is counted together with the address, so that nobody can lock out somebody else. */
const PER_ADDRESS: Limit = { hits: 30, seconds: 900 }
const PER_ADDRESS_AND_EMAIL: Limit = { hits: 6, seconds: 900 }

const form = z.object({
  email: z.string().trim().max(200).default(''),
  password: z.string().max(1024).default(''),
  siguiente: z.string().max(2000).default(''),
})
type LoginForm = z.output<typeof form>

interface Llegada {
  siguiente?: string
  /** `password`: they have just chosen one. */
  hecho?: string
}

/** Logging in and out. */
export function loginRoutes(app: FastifyInstance, panel: Panel): void {
  const { pages } = panel
  const publica = { config: { acceso: 'publica' as const } }
  app.get<{ Querystring: Llegada }>('/admin/login', publica, async (request, reply) => {
    if (request.sesion) return reply.redirect('/admin', 303)
    const { siguiente = '', hecho } = request.query
    return pages.show(request, reply, 'login', { siguiente, hecho, conCorreo: panel.correo !== undefined })
  })
  app.post('/admin/login', publica, async (request, reply) =>
    logIn(panel, request, reply, form.parse(request.body ?? {})),
  )
  app.post('/admin/salir', { config: { acceso: 'todos', antesDelCambio: true } }, async (request, reply) => {
    if (request.sesion) await logOut(panel, request, request.sesion.idHash)
    clearSessionCookie(reply, panel.publicUrl)
    return reply.redirect('/admin/login', 303)
  })
}

async function logIn(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  sent: LoginForm,
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const subscriber = subscriberOf(request.ip)
  const keys = {
    address: throttleKey('login', subscriber),
    both: throttleKey('login', subscriber, sent.email.toLowerCase()),
  }
  const verdicts = [await attempt(em, keys.address, PER_ADDRESS), await attempt(em, keys.both, PER_ADDRESS_AND_EMAIL)]
  const wait = Math.max(...verdicts.map((verdict) => (verdict.allowed ? 0 : verdict.retryAfter)))
  if (wait > 0) {
    reply.header('retry-after', String(wait))
    return showAgain(panel, request, reply, sent, { error: 'espere', minutos: Math.ceil(wait / 60) }, 429)
  }
  const usuario = await findByEmail(em, sent.email)
  const matches = await verifyPassword(usuario?.passwordHash, sent.password)
  if (!usuario || !matches || usuario.disabledAt) {
    await audit(em, { action: 'sesion.rechazar', usuarioId: usuario?.id, ip: request.ip })
    return showAgain(panel, request, reply, sent, { error: 'credenciales' }, 401)
  }
  await forget(em, keys.both)
  await forgive(em, keys.address)
  if (usuario.totpDesde) {
    await openHalf(panel, request, reply, usuario.id)
    return reply.redirect(`/admin/login/codigo?siguiente=${encodeURIComponent(safePath(sent.siguiente))}`, 303)
  }
  await enter(panel, request, reply, usuario.id)
  return reply.redirect(safePath(sent.siguiente), 303)
}

/** A new session at every login: an id that was known before gives nothing. */
export async function enter(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  usuarioId: number,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const before = readSessionCookie(request, panel.publicUrl)
  const id = await panel.database.fork().transactional(async (tx) => {
    await pruneSessions(tx)
    const opened = await openSession(tx, usuarioId, originOf(request))
    if (before) await leave(tx, usuarioId, before, opened)
    await sql(tx, 'update usuario set last_login_at = now() where id = $1', [usuarioId])
    await audit(tx, { action: 'sesion.abrir', usuarioId, ip: request.ip, detail })
    return opened
  })
  setSessionCookie(reply, panel.publicUrl, id)
}

/** The session of before ends; of the same person's on this browser, what was asked for in it goes on. */
async function leave(em: EntityManager, usuarioId: number, before: string, opened: string): Promise<void> {
  await heredarPush(em, usuarioId, hashOf(before), hashOf(opened))
  await closeSession(em, hashOf(before))
}

/** The password was right; the code is asked for on a page of its own. */
async function openHalf(panel: Panel, request: FastifyRequest, reply: FastifyReply, usuarioId: number): Promise<void> {
  const em = panel.database.fork()
  // Its cookie is about to be lost: nobody could end it from this browser.
  const before = readSessionCookie(request, panel.publicUrl)
  const opened = await openSession(em, usuarioId, originOf(request), { half: true })
  if (before) await leave(em, usuarioId, before, opened)
  setSessionCookie(reply, panel.publicUrl, opened)
}

const originOf = (request: FastifyRequest) => ({ ip: request.ip, userAgent: request.headers['user-agent'] })

async function logOut(panel: Panel, request: FastifyRequest, idHash: Buffer): Promise<void> {
  await panel.database.fork().transactional(async (tx) => {
    await closeSession(tx, idHash)
    await audit(tx, { action: 'sesion.cerrar', usuarioId: request.sesion?.usuario.id, ip: request.ip })
  })
}

function showAgain(
  { pages, correo }: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, siguiente }: LoginForm,
  wrong: object,
  status: number,
): FastifyReply {
  return pages.show(request, reply, 'login', { email, siguiente, conCorreo: correo !== undefined, ...wrong }, status)
}

/** Only to our own pages, and only in letters that a header may hold: browsers escape all others. */
export function safePath(path: string): string {
  return /^\/admin(?:[/?#][!-[\]-~]*)?$/.test(path) ? path : '/admin'
}
