import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DateTime } from 'luxon'
import { z } from 'zod'
import { fechaEscrita } from '../conversation/flows/idioma/fechas.ts'
import { attempt, forgive, subscriberOf, throttleKey } from '../runtime/throttle.ts'
import { enlaceFirmado, firmaValida, folioConClave } from '../workflow/peticion/claves.ts'
import { parseFolio } from '../workflow/peticion/folio.ts'
import { vistaPublica } from '../workflow/peticion/vista-publica.ts'
import type { PortalDeps, Show } from './portal.ts'

/** Wrong tries from one place in a quarter of an hour, over all folios. */
const LIMIT = { hits: 20, seconds: 900 }

const signed = z.object({
  folio: z.string().max(40),
  firma: z.string().max(64),
  idioma: z.enum(['es', 'en']).default('es').catch('es'),
})
const typed = z.object({ folio: z.string().max(80).default(''), clave: z.string().max(80).default('') })

/** What kept the form from opening a petition; `none` says the same for an unknown folio and a wrong clave. */
type Wrong = 'sin_folio' | 'digito' | 'ninguna' | 'demasiados' | 'enlace'

/**
 * `/folio`: a form for folio and clave, or the signed link that every notice carries. Both show state and history, nothing personal.
 * Works without JavaScript; a form that was right leads to the signed link, so that it can be kept and read again.
 */
export function folioRoutes(app: FastifyInstance, deps: PortalDeps, show: Show): void {
  const form = (reply: FastifyReply, folio = '', wrong?: Wrong, minutes = 0, status = wrong ? 422 : 200) =>
    show(reply, './folio', { folio, wrong, minutes }, status)

  app.get('/folio', async (request, reply) => {
    const link = signed.safeParse(request.query)
    if (!link.success) return form(reply, typed.safeParse(request.query).data?.folio)
    const { folio, firma, idioma } = link.data
    if (!firmaValida(deps.secretKey, folio, firma)) return form(reply, folio, 'enlace')
    const mensajes = deps.mensajes.in(idioma)
    const vista = await vistaPublica(deps.database.fork(), folio, mensajes)
    if (!vista) return form(reply, folio, 'enlace')
    if (idioma === 'es') return show(reply, './peticion', { vista })
    const otroIdioma = enlaceFirmado({ publicUrl: '', secretKey: deps.secretKey }, folio)
    return show(reply, './en/peticion', {
      vista: { ...vista, asunto: mensajes.named(vista.asunto) },
      otroIdioma,
      ...fechasEnIngles(deps.municipio.zona_horaria),
    })
  })

  app.post('/folio', async (request, reply) => {
    const { folio, clave } = typed.parse(request.body ?? {})
    const misread = misreading(folio, deps.municipio.folio.prefijo)
    if (misread) return form(reply, folio, misread)
    return open(request, reply, { folio, clave })
  })

  async function open(request: FastifyRequest, reply: FastifyReply, textos: { folio: string; clave: string }) {
    const em = deps.database.fork()
    const key = throttleKey('folio', subscriberOf(request.ip))
    const verdict = await attempt(em, key, LIMIT)
    if (!verdict.allowed) {
      reply.header('retry-after', String(verdict.retryAfter))
      return form(reply, textos.folio, 'demasiados', Math.ceil(verdict.retryAfter / 60), 429)
    }
    const { secretKey, municipio } = deps
    const found = await folioConClave(em, textos, { secretKey, prefijo: municipio.folio.prefijo })
    if (!found) return form(reply, textos.folio, 'ninguna')
    await forgive(em, key)
    return reply.redirect(enlaceFirmado({ publicUrl: '', secretKey }, found), 303)
  }
}

const fechasEnIngles = (zone: string) => {
  const local = (at: Date | string) =>
    typeof at === 'string' ? DateTime.fromISO(at) : DateTime.fromJSDate(at, { zone })
  return {
    fecha: (at: Date | string) => fechaEscrita(local(at), 'completa', 'en'),
    fechaHora: (at: Date) => `${fechaEscrita(local(at), 'completa', 'en')}, ${local(at).toFormat('HH:mm')}`,
  }
}

/** A folio that cannot exist is told apart: that gives nothing away. */
function misreading(folio: string, prefijo: string): Wrong | undefined {
  const { kind } = parseFolio(folio, prefijo)
  if (kind === 'digito_incorrecto') return 'digito'
  return kind === 'no_es_folio' ? 'sin_folio' : undefined
}
