import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { Panel } from '../deps.ts'
import { type Errores, type Escrito, readForm, typed } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { CORREO, guardarPreferencias, leerPreferencias, RESUMEN, SIN_ELEGIR } from './preferencias.ts'
import { clavePublica } from './push/claves.ts'

const config = { acceso: 'todos' as const }
const hora = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d)?$/, 'opcion')
  .default('')
const forma = z.object({
  correo: z.enum(CORREO, { error: 'opcion' }),
  resumen: z.enum(RESUMEN, { error: 'opcion' }).default('ambos'),
  silencio_de: hora,
  silencio_a: hora,
  informe: z.literal('si').optional(),
})

/** Milliseconds between two e-mails that somebody sends themselves to see whether it works. */
const ENTRE_PRUEBAS = 60_000

/** How one wants to be told: by e-mail and when, on this device, and the monthly report. */
export function cuentaAvisosRoutes(app: FastifyInstance, panel: Panel): void {
  const { database, now } = panel
  app.get('/admin/cuenta/avisos', { config }, (request, reply) => show(panel, request, reply))
  app.post('/admin/cuenta/avisos', { config }, async (request, reply) => {
    const sent = readForm(forma, request.body)
    if (!sent.ok) return show(panel, request, reply, sent)
    const { correo, resumen, silencio_de: de, silencio_a: a, informe } = sent.datos
    if ((de === '') !== (a === '')) {
      return show(panel, request, reply, { errores: { silencio_a: 'silencio' }, escrito: typed(request.body) })
    }
    const informeMensual = informe === 'si' && veInforme(request)
    const silencio = de === '' || de === a ? null : { de, a }
    await guardarPreferencias(database.fork(), usuarioDe(request).id, { correo, resumen, silencio, informeMensual })
    return reply.redirect('/admin/cuenta/avisos?hecho=guardado', 303)
  })
  app.post('/admin/cuenta/avisos/prueba', { config }, async (request, reply) => {
    const at = now()
    await sql(
      database.fork(),
      `insert into correo (usuario_id, clase, clave, due_at) values ($1, 'prueba', $2, $3) on conflict do nothing`,
      [usuarioDe(request).id, String(Math.floor(at.getTime() / ENTRE_PRUEBAS)), at],
    )
    return reply.redirect('/admin/cuenta/avisos?hecho=prueba', 303)
  })
}

const veInforme = (request: FastifyRequest) =>
  SECCIONES.tablero.acceso.some((rol) => usuarioDe(request).roles.includes(rol))

async function show(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  vuelta?: { errores: Errores; escrito: Escrito },
): Promise<FastifyReply> {
  const em = panel.database.fork()
  const usuario = usuarioDe(request)
  const { hecho } = z
    .object({ hecho: z.enum(['guardado', 'prueba']).optional().catch(undefined) })
    .parse(request.query ?? {})
  const elegidas = vuelta
    ? comoSeEscribio(vuelta.escrito)
    : ((await leerPreferencias(em, [usuario.id])).get(usuario.id) ?? SIN_ELEGIR)
  const data = {
    elegidas,
    municipal: panel.municipio.avisos_personales,
    hayCorreo: panel.correo !== undefined,
    rechazo: await sqlOne(em, RECHAZO, [usuario.id, usuario.email]),
    conInforme: veInforme(request),
    clavePush: await clavePublica(em, panel.secretKey),
    aparatos: await sqlOne<{ n: number }>(em, APARATOS, [usuario.id]),
    errores: vuelta?.errores,
    hecho,
  }
  return panel.pages.show(request, reply, 'cuenta-avisos', data, vuelta ? 422 : 200)
}

/** What was chosen in a form that came back. */
const comoSeEscribio = ({ correo, resumen, silencio_de: de, silencio_a: a, informe }: Escrito) => ({
  correo,
  resumen,
  silencio: { de, a },
  informeMensual: informe === 'si',
})

const APARATOS = 'select count(*)::int as n from suscripcion_push where usuario_id = $1'

// The last word of the server on this address, if that was a no.
const RECHAZO = `
select error from (
  select error, rechazado from correo where usuario_id = $1 and para = $2 and status in ('sent', 'failed') order by id desc limit 1) last
 where rechazado`
