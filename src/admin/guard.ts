import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Database } from '../runtime/database.ts'
import { HttpProblem } from '../runtime/http.ts'
import type { Rol } from '../workflow/actor.ts'
import { readSessionCookie } from './cuentas/cookie.ts'
import { findSession, type Sesion, type UsuarioEnSesion } from './cuentas/session.ts'

/** Who may ask for a route: anybody, whoever is logged in, or these roles. A route that does not say is closed to all. */
export type Acceso = 'publica' | 'todos' | readonly Rol[]

declare module 'fastify' {
  interface FastifyRequest {
    sesion: Sesion | null
  }
  interface FastifyContextConfig {
    acceso?: Acceso
    /** May be used before a generated password was changed and a required second step set up. */
    antesDelCambio?: boolean
    /** Asked for by an open page and not by a person: does not keep the session alive. */
    fondo?: boolean
  }
}

/** Who asks. @throws {HttpProblem} 401 when nobody is logged in. */
export function usuarioDe(request: FastifyRequest): UsuarioEnSesion {
  if (!request.sesion) throw new HttpProblem(401, 'Log in first.')
  return request.sesion.usuario
}

/** What the guard stands on. */
export interface Guarded {
  database: Database
  publicUrl: string
  /** Must administradores come in with a second step? */
  segundoPaso: 'obligatorio' | 'opcional'
}

/** Finds the session of every request, keeps out whoever may not pass, and demands the CSRF token of every change. */
export function addGuard(app: FastifyInstance, { database, publicUrl, segundoPaso }: Guarded): void {
  app.decorateRequest('sesion', null)
  app.addHook('onRequest', async (request) => {
    const id = readSessionCookie(request, publicUrl)
    if (id) request.sesion = (await findSession(database.fork(), id, !request.routeOptions.config.fondo)) ?? null
  })
  app.addHook('onRequest', async (request, reply) => {
    requireSameOrigin(request, publicUrl)
    return passOrAnswer(request, reply, segundoPaso)
  })
  // The body is read by now; the token of a form lies in it.
  app.addHook('preHandler', async (request) => {
    for (const part of [request.params, request.query, request.body]) refuseNul(part)
    if (isChange(request) && request.sesion && !hasToken(request, request.sesion)) {
      throw new HttpProblem(403, 'The form has expired; load the page again.')
    }
  })
}

/** Must this user come in with a second step? */
export function debeSegundoPaso({ roles }: { roles: readonly Rol[] }, segundoPaso: Guarded['segundoPaso']): boolean {
  return segundoPaso === 'obligatorio' && roles.includes('administrador')
}

function passOrAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  segundoPaso: Guarded['segundoPaso'],
): FastifyReply | undefined {
  const { acceso, antesDelCambio } = request.routeOptions.config
  if (request.is404 || acceso === 'publica') return undefined
  if (acceso === undefined) throw new HttpProblem(403, 'Nobody was given access to this address.')
  const usuario = request.sesion?.usuario
  if (!usuario) return sendToLogin(request, reply)
  if (usuario.debeCambiarPassword && !antesDelCambio) return redirect(request, reply, '/admin/cuenta')
  if (!usuario.segundoPaso && !antesDelCambio && debeSegundoPaso(usuario, segundoPaso)) {
    return redirect(request, reply, '/admin/cuenta/segundo-paso')
  }
  if (acceso !== 'todos' && !acceso.some((rol) => usuario.roles.includes(rol))) {
    throw new HttpProblem(403, 'Your role does not allow this.')
  }
  return undefined
}

function sendToLogin(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (isHtmx(request) || isChange(request)) return redirect(request, reply, '/admin/login')
  if (!request.headers.accept?.includes('text/html')) throw new HttpProblem(401, 'Log in first.')
  const back = request.url === '/admin' ? '' : `?siguiente=${encodeURIComponent(request.url)}`
  return redirect(request, reply, `/admin/login${back}`)
}

/** htmx follows a redirect inside the fragment it asked for; it must be told to load the whole page instead. */
function redirect(request: FastifyRequest, reply: FastifyReply, to: string): FastifyReply {
  return isHtmx(request) ? reply.code(401).header('hx-redirect', to).send() : reply.redirect(to, 303)
}

/** Did htmx ask, for a part of a page? */
export const isHtmx = (request: FastifyRequest): boolean => request.headers['hx-request'] === 'true'

const isChange = ({ method }: FastifyRequest) => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'

/** Browsers name where a form was sent from; another site's forms are refused before their body is read. */
function requireSameOrigin(request: FastifyRequest, publicUrl: string): void {
  if (!isChange(request)) return
  const { origin, 'sec-fetch-site': site } = request.headers
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  const foreignOrigin = origin !== undefined && !isOurs(origin, request, publicUrl)
  if (foreignSite || foreignOrigin) throw new HttpProblem(403, 'Forms are accepted only from our own pages.')
}

function isOurs(origin: string, request: FastifyRequest, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false
  return origin === new URL(publicUrl).origin || new URL(origin).host === request.host
}

/** PostgreSQL has no place for U+0000 in a text; nobody types it. */
function refuseNul(part: unknown): void {
  const values = typeof part === 'object' && part !== null ? Object.values(part).flat() : []
  if (values.some((value) => typeof value === 'string' && value.includes('\0'))) {
    throw new HttpProblem(400, 'There is a character U+0000 in what was sent.')
  }
}

function hasToken(request: FastifyRequest, { csrf }: Sesion): boolean {
  const sent = request.headers['x-csrf-token'] ?? fieldOf(request.body, '_csrf')
  if (typeof sent !== 'string') return false
  const [a, b] = [Buffer.from(sent), Buffer.from(csrf)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function fieldOf(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null) return undefined
  return Object.entries(body).find(([key]) => key === name)?.[1]
}
