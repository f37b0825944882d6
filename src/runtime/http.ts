import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import ipaddr from 'ipaddr.js'
import type { Logger } from 'pino'
import { ZodError } from 'zod'
import { isDatabaseAway } from './database-away.ts'

/** An error as RFC 9457 tells it; thrown by any route. */
export class HttpProblem extends Error {
  readonly status: number
  readonly extra: Record<string, unknown>

  constructor(status: number, detail: string, extra: Record<string, unknown> = {}) {
    super(detail)
    this.name = 'HttpProblem'
    this.status = status
    this.extra = extra
  }
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  413: 'Payload too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  431: 'Request header fields too large',
  500: 'Internal error',
  503: 'Unavailable',
}

/** Answers with an `application/problem+json` body; `retryAfter` in seconds. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  detail: string,
  extra: Record<string, unknown> = {},
): FastifyReply {
  if (typeof extra.retryAfter === 'number') reply.header('retry-after', String(Math.ceil(extra.retryAfter)))
  return reply
    .code(status)
    .type('application/problem+json')
    .send(problem(status, detail, extra))
}

const problem = (status: number, detail: string, extra = {}) =>
  JSON.stringify({ type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail, ...extra })

/** Where WebSockets are served. A connection that asks for one elsewhere is answered as any other: upgraded, it would stay open for ever. */
const WEB_SOCKETS = '/v3/directline/'

/** What the HTTP server is made with. */
export interface HttpOptions {
  log: Logger
  /** A proxy in front speaks TLS and we do not (PUBLIC_URL is https): its X-Forwarded-* are trusted, and browsers told to stay with TLS. */
  trustProxy: boolean
  /** Milliseconds that requests under way get when the server stops; then their connections are cut. */
  goodbye?: number
}

/** Milliseconds in which a request must have come whole: a large photograph over a slow line takes minutes. */
const REQUEST_LIMIT = 600_000

const PROXIES = new Set(['loopback', 'private', 'linkLocal', 'uniqueLocal', 'carrierGradeNat'])

/** Only the proxy that speaks with us is believed, and only from a network of our own: what it was told by others anybody may say. */
function isOurProxy(address: string, hop: number): boolean {
  return hop === 0 && ipaddr.isValid(address) && PROXIES.has(ipaddr.process(address).range())
}

/** The server all routes are added to: bodies limited to 1 MiB, errors as RFC 9457, no route says what it runs on. */
export async function createHttpServer({ log, trustProxy, goodbye = 5_000 }: HttpOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log.child({ part: 'http' }),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustProxy && isOurProxy,
    bodyLimit: 1 << 20,
    requestTimeout: REQUEST_LIMIT,
    clientErrorHandler: refuseUnread,
    frameworkErrors: (error, _request, reply) => sendProblem(reply, error.statusCode ?? 400, error.message),
    forceCloseConnections: 'idle',
    http: { shouldUpgradeCallback: ({ url }) => url?.startsWith(WEB_SOCKETS) === true },
    routerOptions: { maxParamLength: 256 },
  })
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), goodbye).unref()
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    if (trustProxy) reply.header('strict-transport-security', 'max-age=31536000')
  })
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: 1 << 20 })
  app.setErrorHandler((error: FastifyError | HttpProblem | ZodError, request, reply) =>
    answerError(error, log, request.url, reply),
  )
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 404, 'There is nothing at this address.'))
  return app as unknown as FastifyInstance
}

/** What could not even be read as a request. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = problem(status, 'The request cannot be read.')
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\n`
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
}

function answerError(
  error: FastifyError | HttpProblem | ZodError,
  log: Logger,
  url: string,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof HttpProblem) return sendProblem(reply, error.status, error.message, error.extra)
  if (error instanceof ZodError) {
    const errors = error.issues.map((issue) => ({ pointer: `/${issue.path.join('/')}`, detail: issue.message }))
    return sendProblem(reply, 400, 'The request does not have the expected form.', { errors })
  }
  const status = error.statusCode ?? 500
  if (status < 500) return sendProblem(reply, status, error.message)
  if (isDatabaseAway(error))
    return sendProblem(reply, 503, 'The database does not answer; try again shortly.', { retryAfter: 5 })
  log.error({ err: error, path: url.split('?')[0] }, 'a request failed')
  return sendProblem(reply, 500, 'Something failed on our side; it was noted.')
}
