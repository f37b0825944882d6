import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import { Eta } from 'eta'
import type { FastifyInstance } from 'fastify'
import { composeScript } from './widget-script.ts'

const PUBLIC = fileURLToPath(new URL('./public', import.meta.url))

/** What the page with the chat says of the municipality. */
export interface PageData {
  /** BCP 47. */
  lang: string
  unidad: string
  municipio: string
  avisoUrl: string
  /** Other ways to reach the unidad; without `href` it is only text. */
  contactos: { nombre: string; valor: string; href?: string | undefined }[]
}

/** `GET /`, `/widget.js` and what it loads; other sites load these too. `frameAncestors` may show the page in a frame. */
export async function addPageRoutes(scope: FastifyInstance, page: PageData, frameAncestors: string[]): Promise<void> {
  const html = new Eta({ views: PUBLIC, autoEscape: true }).render('./chat.eta', page)
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors 'self' ${frameAncestors.join(' ')}`.trim(),
  ].join('; ')
  await scope.register(fastifyStatic, {
    root: PUBLIC,
    serve: false,
    cacheControl: false,
    setHeaders: (reply) => reply.headers(SHARED),
  })
  scope.get('/', async (_request, reply) =>
    reply
      .headers({
        'content-security-policy': policy,
        'permissions-policy': 'geolocation=(self)',
        'referrer-policy': 'strict-origin-when-cross-origin',
        'x-content-type-options': 'nosniff',
      })
      .type('text/html; charset=utf-8')
      .send(html),
  )
  addScript(scope)
  scope.get<{ Params: { name: string } }>('/widget/:name(^[\\w-]+\\.(?:css|svg)$)', (request, reply) =>
    reply.sendFile(`widget/${request.params.name}`),
  )
}

/** The widget as one script, composed once. */
function addScript(scope: FastifyInstance): void {
  const script = composeScript(`${PUBLIC}/widget.js`)
  const zipped = gzipSync(script, { level: 9 })
  const etag = `W/"${createHash('sha256').update(script).digest('base64url')}"`
  scope.get('/widget.js', async (request, reply) => {
    reply.headers({ ...SHARED, etag, vary: 'Accept-Encoding' }).type('text/javascript; charset=utf-8')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return reply.send(script)
    return reply.header('content-encoding', 'gzip').send(zipped)
  })
}

/** Any site may load the widget: it is the same for all, and what it may do is decided by its origin. */
const SHARED = {
  'access-control-allow-origin': '*',
  'cache-control': 'public, max-age=600',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
}
