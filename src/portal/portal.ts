import { fileURLToPath } from 'node:url'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import { Eta } from 'eta'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { DateTime } from 'luxon'
import type { Mensajes } from '../conversation/mensajes.ts'
import type { Database } from '../runtime/database.ts'
import type { Municipio } from '../workflow/catalogo/municipio.ts'
import type { AvisoDePrivacidad } from './aviso-de-privacidad.ts'
import { folioRoutes } from './folio.ts'

/** What the public pages need. */
export interface PortalDeps {
  database: Database
  mensajes: Mensajes
  municipio: Municipio
  avisoDePrivacidad: AvisoDePrivacidad
  secretKey: string
  publicUrl: string
}

/** Shows one view of `views/`; every interpolation is escaped. */
export type Show = (reply: FastifyReply, view: string, data: object, status?: number) => FastifyReply

const folder = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url))

/** What everybody sees without logging in, beside the chat: the follow-up of a folio and the privacy notice. */
export function createPortal(deps: PortalDeps): FastifyPluginAsync {
  return async (app) => {
    const show = createShow(deps.municipio)
    await app.register(helmet, headers())
    await app.register(fastifyStatic, { root: folder('publico'), prefix: '/portal/', maxAge: 3_600_000, index: false })
    folioRoutes(app, deps, show)
    app.get('/privacidad', async (_request, reply) => show(reply, './privacidad', { aviso: deps.avisoDePrivacidad }))
  }
}

function createShow({ municipio, formato, zona_horaria }: Municipio): Show {
  const eta = new Eta({ views: folder('views'), cache: true, autoEscape: true })
  const local = (at: Date) => DateTime.fromJSDate(at, { zone: zona_horaria }).setLocale('es-MX')
  const words = {
    fechaHora: (at: Date) => local(at).toFormat("d 'de' LLLL 'de' yyyy, HH:mm"),
    fecha: (at: Date | string) =>
      (typeof at === 'string' ? DateTime.fromISO(at).setLocale('es-MX') : local(at)).toFormat("d 'de' LLLL 'de' yyyy"),
  }
  return (reply, view, data, status = 200) =>
    reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-robots-tag', 'noindex')
      .send(eta.render(view, { municipio, formato, ...words, ...data }))
}

/** Nothing inline and nothing foreign; the address holds a signature, so it is told to nobody. */
function headers() {
  return {
    // The server's own, for all pages alike.
    hsts: false,
    referrerPolicy: { policy: 'no-referrer' as const },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
  }
}
