import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { ZodError } from 'zod'
import { isDatabaseAway } from '../runtime/database-away.ts'
import { HttpProblem } from '../runtime/http.ts'
import type { Panel } from './deps.ts'

/** Statuses that have words of their own in the views. */
const TOLD = [400, 403, 404, 413, 415, 429, 500, 503]

/** Errors as a page for whoever asked for a page; for others the server's own RFC 9457 answer. */
export function answerErrors(app: FastifyInstance, { pages, log }: Panel): void {
  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const error = isBrokenForm(thrown, request) ? new HttpProblem(400, 'The form is not well formed.') : thrown
    const status = statusOf(error)
    const asksForPage = request.headers.accept?.includes('text/html') ?? false
    if (!asksForPage || !TOLD.includes(status)) throw error
    if (status === 500) log.error({ err: error, path: request.url.split('?')[0] }, 'a request failed')
    return pages.show(request, reply, 'error', { clave: `problema.${status}` }, status)
  })
}

/** What no route answers under /admin is not here, for whoever is logged in. */
export function notHereRoute(app: FastifyInstance): void {
  app.get('/admin/*', { config: { acceso: 'todos' } }, async () => {
    throw new HttpProblem(404, 'There is nothing at this address.')
  })
}

/** The parser of multipart forms throws bare errors; a body that was never finished tells them from our own. */
function isBrokenForm(error: FastifyError, request: FastifyRequest): boolean {
  const unread = request.isMultipart() && (request.body === undefined || request.body === null)
  return unread && error.statusCode === undefined && !(error instanceof HttpProblem) && !isDatabaseAway(error)
}

function statusOf(error: FastifyError | HttpProblem): number {
  if (error instanceof HttpProblem) return error.status
  if (error instanceof ZodError) return 400
  return isDatabaseAway(error) ? 503 : (error.statusCode ?? 500)
}
