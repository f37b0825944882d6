import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const require = createRequire(import.meta.url)
const HTMX = dirname(require.resolve('htmx.org/dist/htmx.min.js'))
const LEAFLET = dirname(require.resolve('leaflet/dist/leaflet.css'))

const WEEK = 604_800_000

/** Styles and scripts, ours and the libraries', under /admin/publico/: whoever sees the login page needs them. */
export async function publicFiles(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, acceso: 'publica' }
  })
  app.addHook('onSend', pack)
  await app.register(fastifyStatic, {
    root: fileURLToPath(new URL('./publico', import.meta.url)),
    prefix: '/admin/publico/',
    maxAge: WEEK,
    index: false,
  })
  app.get('/admin/publico/htmx.min.js', async (_request, reply) =>
    reply.sendFile('htmx.min.js', HTMX, { maxAge: WEEK }),
  )
  // At the root of the panel, for its scope is the folder it is served from; browsers look themselves whether it changed.
  app.get('/admin/avisos-sw.js', async (_request, reply) => reply.sendFile('avisos-sw.js', { maxAge: 0 }))
  for (const name of ['leaflet.js', 'leaflet.css']) {
    app.get(`/admin/publico/${name}`, async (_request, reply) => reply.sendFile(name, LEAFLET, { maxAge: WEEK }))
  }
}

/** A third of the bytes on a slow phone. Pages are not packed: they hold a token beside words that others chose (BREACH). */
async function pack(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const type = String(reply.getHeader('content-type') ?? '')
  if (request.method !== 'GET' || reply.statusCode !== 200 || !/javascript|css|svg/.test(type)) return payload
  reply.header('vary', 'accept-encoding')
  if (!(payload instanceof Readable) || !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')))
    return payload
  reply.removeHeader('content-length').removeHeader('accept-ranges').header('content-encoding', 'gzip')
  const packed = createGzip()
  payload.on('error', (error) => packed.destroy(error))
  return payload.pipe(packed)
}
