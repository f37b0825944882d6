import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { sqlOne } from '../../runtime/sql.ts'
import {
  darTurno,
  llamarSiguiente,
  MOVIMIENTOS_DE_TURNO,
  type MovimientoDeTurno,
  moverTurno,
  turnosDeHoy,
  ultimoLlamado,
  YaLlamado,
} from '../../workflow/turnos/turnos.ts'
import { audit } from '../audit.ts'
import { papelDeTurno } from '../captura/turno-pdf.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { fileNameParameter } from '../peticion/adjuntos.ts'
import { moduloDe, recordarModulo } from './modulo.ts'

const config = { acceso: SECCIONES.turnos.acceso }
const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
const llamarForma = z.object({ visto: z.string().max(40).optional().catch(undefined) })
const query = z.object({
  hecho: z.enum(['nadie', 'otro', 'ya']).optional().catch(undefined),
  dado: z.coerce.number().int().optional().catch(undefined),
})

/** Who waits in person at the módulo where one works: give a turno, call, call again, not here, attended. */
export function turnosRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/turnos', { config }, async (request, reply) => showTurnos(panel, request, reply, 'turnos'))
  app.get('/admin/turnos/cola', { config: { ...config, fondo: true } }, (request, reply) =>
    showTurnos(panel, request, reply, '_turnos-cola'),
  )
  app.post('/admin/turnos/modulo', { config }, async (request, reply) => {
    const { modulo } = z.object({ modulo: z.string().max(60) }).parse(request.body ?? {})
    if (!panel.municipio.modulos.some(({ codigo }) => codigo === modulo)) throw new HttpProblem(422, 'No such módulo.')
    await recordarModulo(panel.database.fork(), usuarioDe(request).id, modulo)
    return reply.redirect('/admin/turnos', 303)
  })
  app.post('/admin/turnos', { config }, async (request, reply) => {
    const { clave } = z.object({ clave: z.uuid().catch(() => randomUUID()) }).parse(request.body ?? {})
    const modulo = await suModulo(panel, request)
    const dado = { clave, modulo, at: panel.now() }
    const id = await panel.database.fork().transactional((em) => darTurno(em, dado, panel.municipio))
    return reply.redirect(`/admin/turnos?dado=${id}`, 303)
  })
  llamarRoutes(app, panel)
}

function llamarRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, municipio, now, pages } = panel
  app.post('/admin/turnos/llamar', { config }, async (request, reply) => {
    const hecho = await llamar(panel, request)
    return reply.redirect(hecho ? `/admin/turnos?hecho=${hecho}` : '/admin/turnos', 303)
  })
  for (const movimiento of Object.keys(MOVIMIENTOS_DE_TURNO) as MovimientoDeTurno[]) {
    app.post(`/admin/turnos/:id/${movimiento}`, { config }, async (request, reply) => {
      const { id } = params.parse(request.params)
      const moved = await database.fork().transactional(async (em) => {
        const did = await moverTurno(em, id, movimiento, now())
        if (did) await anotar(em, request, `turno.${movimiento}`, id)
        return did
      })
      return reply.redirect(moved ? '/admin/turnos' : '/admin/turnos?hecho=otro', 303)
    })
  }
  app.get('/admin/turnos/:id/turno.pdf', { config }, async (request, reply) => {
    const { id } = params.parse(request.params)
    const turno = await sqlOne<{ numero: string; modulo: string; at: Date }>(
      database.fork(),
      'select numero, modulo, emitido_at as at from turno where id = $1',
      [id],
    )
    if (!turno) throw new HttpProblem(404, 'There is no such turno.')
    return reply
      .type('application/pdf')
      .header('cache-control', 'no-store')
      .header('content-disposition', `inline; ${fileNameParameter(`turno-${turno.numero}.pdf`)}`)
      .send(await papelDeTurno({ ...turno, modulo: nombreDe(panel, turno.modulo) }, municipio, pages.palabras))
  })
}

/** Calls the next; or says why nobody was called: `nadie` waits, or it was done `ya`. */
async function llamar(panel: Panel, request: FastifyRequest): Promise<'nadie' | 'ya' | undefined> {
  const { database, municipio, now } = panel
  const modulo = await suModulo(panel, request)
  const { visto } = llamarForma.parse(request.body ?? {})
  const cuando = { ahora: now(), zona: municipio.zona_horaria, visto }
  try {
    return await database.fork().transactional(async (em) => {
      const turno = await llamarSiguiente(em, modulo, usuarioDe(request).id, cuando)
      if (!turno) return 'nadie'
      await anotar(em, request, 'turno.llamar', turno.id)
      return undefined
    })
  } catch (error) {
    if (error instanceof YaLlamado) return 'ya'
    throw error
  }
}

async function showTurnos(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  view: 'turnos' | '_turnos-cola',
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const { municipio, now, pages } = panel
  const modulo = await moduloDe(em, usuario.id, municipio)
  const turnos = modulo ? await turnosDeHoy(em, modulo, now(), municipio.zona_horaria) : []
  const { hecho, dado } = query.parse(request.query ?? {})
  return pages.show(request, reply, view, {
    modulos: municipio.modulos,
    modulo,
    nombre: modulo && nombreDe(panel, modulo),
    mios: turnos.filter((one) => one.estado === 'llamado' && one.llamadoPor === usuario.id),
    deOtros: turnos.filter((one) => one.estado === 'llamado' && one.llamadoPor !== usuario.id),
    esperan: turnos.filter((one) => one.estado === 'espera'),
    ausentes: turnos.filter((one) => one.estado === 'ausente'),
    clave: randomUUID(),
    visto: ultimoLlamado(turnos, usuario.id),
    hecho,
    dado: turnos.find(({ id }) => id === dado),
  })
}

async function suModulo({ database, municipio }: Panel, request: FastifyRequest): Promise<string> {
  const modulo = await moduloDe(database.fork(), usuarioDe(request).id, municipio)
  if (!modulo) throw new HttpProblem(422, 'Say first at which módulo you work.')
  return modulo
}

const nombreDe = ({ municipio }: Panel, codigo: string) =>
  municipio.modulos.find((one) => one.codigo === codigo)?.nombre ?? codigo

const anotar = (em: Parameters<typeof audit>[0], request: FastifyRequest, action: string, id: number) =>
  audit(em, { action, objectType: 'turno', objectId: id, usuarioId: usuarioDe(request).id, ip: request.ip })
