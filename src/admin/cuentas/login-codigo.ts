import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { createSecretBox } from '../../runtime/secret-box.ts'
import { attempt, forget, type Limit, throttleKey } from '../../runtime/throttle.ts'
import { audit } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { clearSessionCookie, readSessionCookie } from './cookie.ts'
import { enter, safePath } from './login.ts'
import { codigosQueQuedan, pasaSegundoPaso } from './segundo-paso.ts'
import { findHalfOpen } from './session.ts'

/** By person, from wherever: only who knows the password gets here, so nobody else can lock them out. */
const PER_PERSON: Limit = { hits: 6, seconds: 900 }

const form = z.object({ codigo: z.string().trim().max(60).default(''), siguiente: z.string().max(2000).default('') })
const query = z.object({ siguiente: z.string().max(2000).catch('') })

/** The second step at the door: the code of the app, or one of the recovery codes. */
export function loginCodigoRoutes(app: FastifyInstance, panel: Panel): void {
  const publica = { config: { acceso: 'publica' as const } }
  app.get('/admin/login/codigo', publica, async (request, reply) => {
    if (request.sesion) return reply.redirect('/admin', 303)
    const { siguiente } = query.parse(request.query)
    if (!(await whoWaits(panel, request))) return tooLate(panel, request, reply)
    return panel.pages.show(request, reply, 'login-codigo', { siguiente })
  })
  app.post('/admin/login/codigo', publica, async (request, reply) => {
    const { codigo, siguiente } = form.parse(request.body ?? {})
    const waiting = await whoWaits(panel, request)
    if (!waiting) return tooLate(panel, request, reply)
    return check(panel, request, reply, { ...waiting, codigo, siguiente })
  })
}

async function check(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  { usuarioId, codigo, siguiente }: { usuarioId: number; codigo: string; siguiente: string },
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const key = throttleKey('codigo', String(usuarioId))
  const verdict = await attempt(em, key, PER_PERSON)
  if (!verdict.allowed) {
    reply.header('retry-after', String(verdict.retryAfter))
    const minutos = Math.ceil(verdict.retryAfter / 60)
    return panel.pages.show(request, reply, 'login-codigo', { siguiente, error: 'espere', minutos }, 429)
  }
  const by = await pasaSegundoPaso(em, createSecretBox(panel.secretKey, 'totp'), usuarioId, codigo, panel.now())
  if (!by) {
    await audit(em, { action: 'sesion.rechazar_codigo', usuarioId, ip: request.ip })
    return panel.pages.show(request, reply, 'login-codigo', { siguiente, error: 'codigo' }, 401)
  }
  await forget(em, key)
  await enter(panel, request, reply, usuarioId, { con: by })
  const few = by === 'recuperacion' && (await codigosQueQuedan(em, usuarioId)) < 3
  return reply.redirect(few ? '/admin/cuenta/segundo-paso' : safePath(siguiente), 303)
}

function whoWaits({ database, publicUrl }: Panel, request: FastifyRequest) {
  const id = readSessionCookie(request, publicUrl)
  return id ? findHalfOpen(database.fork(), id) : undefined
}

function tooLate({ pages, publicUrl }: Panel, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  clearSessionCookie(reply, publicUrl)
  return pages.show(request, reply, 'login', { siguiente: '', hecho: 'tarde' }, 401)
}
