import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuse } from './direct-line-error.ts'

/** May a page of this origin speak with us? */
export type AllowsOrigin = (origin: string, request: FastifyRequest) => boolean

const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

/**
 * Our own pages and those of this machine always may; `others` are origins such as `https://www.altamira.gob.mx`, or `*` for any.
 * The check keeps other sites from using the chat in a citizen's browser; no cookie is ever involved.
 */
export function originPolicy(publicUrl: string | undefined, others: string[]): AllowsOrigin {
  const known = new Set(others.map((origin) => (origin === '*' ? origin : new URL(origin).origin)))
  if (publicUrl) known.add(new URL(publicUrl).origin)
  return (origin, request) =>
    known.has('*') || known.has(origin) || LOCAL.test(origin) || hostOf(origin) === request.host.toLowerCase()
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)

/** Answers preflights, and refuses pages of other origins before anything is read. */
export function addCors(scope: FastifyInstance, allows: AllowsOrigin): void {
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined) return
    const allowed = allows(origin, request)
    // A page that may not is let read at least that: our widget then says so instead of trying on.
    if (!allowed && request.method !== 'OPTIONS') reply.header('access-control-allow-origin', origin)
    if (!allowed) throw refuse('OriginNotAllowed', 'Pages of this origin may not use the chat.')
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', 'retry-after')
  })
  scope.options('/*', async (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers':
          'authorization, content-type, content-disposition, x-ms-bot-agent, x-requested-with',
        'access-control-max-age': '7200',
      })
      .code(204)
      .send(),
  )
}
