import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { askOf, readStatus, type WhatsappOrder } from '../../channels/whatsapp/status.ts'
import { publish } from '../../runtime/events.ts'
import { HttpProblem } from '../../runtime/http.ts'
import { toE164 } from '../../runtime/phone.ts'
import { createSecretBox } from '../../runtime/secret-box.ts'
import { probeNow } from '../../workflow/mensajes/circuit.ts'
import { auditBy } from '../audit.ts'
import { veConversaciones } from '../conversaciones/hilo-permiso.ts'
import type { Panel } from '../deps.ts'
import { type Errores, type Escrito, readForm } from '../form.ts'
import { usuarioDe } from '../guard.ts'
import { SECCIONES } from '../menu.ts'
import { enSuZona, nombresDeCanal } from './canales.ts'
import { leerBloqueos, leerCanales, urlDeCanal } from './canales-consulta.ts'
import { qrSvg } from './qr-svg.ts'

const ver = { acceso: SECCIONES.canales.acceso }
/** Whoever sees a code can link a device, and whoever disconnects a number silences the town: that is the administrators'. */
const actuar = { acceso: ['administrador'] } as const

const params = z.object({ canal: z.string().max(40), cuenta: z.string().max(40) })
const hecho = z.object({
  hecho: z.enum(['probar', 'reiniciar', 'desvincular', 'vincular']).optional().catch(undefined),
})

const confirmo = z.object({ confirmo: z.literal('si', { error: 'confirme' }) })
const emparejar = z.object({
  modo: z.enum(['qr', 'codigo'], { error: 'opcion' }),
  confirmo: z.literal('si').optional().catch(undefined),
  telefono: z.string().trim().max(30, 'largo').default(''),
})

/** One account: how it is doing, live, and what can be done with it. */
export function canalRoutes(app: FastifyInstance, panel: Panel): void {
  app.get('/admin/canales/:canal/:cuenta', { config: ver }, async (request, reply) => showCanal(panel, request, reply))
  app.get('/admin/canales/:canal/:cuenta/vivo', { config: { ...ver, fondo: true } }, async (request, reply) =>
    panel.pages.show(request, reply, '_canal', await datosDe(panel, request)),
  )
  app.post('/admin/canales/:canal/:cuenta/probar', { config: actuar }, async (request, reply) => {
    const { name: channel, account } = cuentaDe(panel, request)
    await record(panel, request, 'probar')
    const em = panel.database.fork()
    await probeNow(em, { channel, account })
    await publish(em, { topic: 'channel', channel, account })
    return done(request, reply, 'probar')
  })
  app.post('/admin/canales/:canal/:cuenta/reiniciar', { config: actuar }, async (request, reply) => {
    await order(panel, request, 'reiniciar', 'restart')
    return done(request, reply, 'reiniciar')
  })
  app.post('/admin/canales/:canal/:cuenta/desvincular', { config: actuar }, async (request, reply) => {
    numeroDe(panel, request)
    const sent = readForm(confirmo, request.body)
    if (!sent.ok) return showCanal(panel, request, reply, { accion: 'desvincular', ...sent })
    await order(panel, request, 'desvincular', 'disconnect')
    return done(request, reply, 'desvincular')
  })
  app.post('/admin/canales/:canal/:cuenta/vincular', { config: actuar }, async (request, reply) =>
    vincular(panel, request, reply),
  )
}

async function vincular(panel: Panel, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { linked } = await statusOf(panel, numeroDe(panel, request).account)
  const sent = readForm(emparejar, request.body)
  if (!sent.ok) return showCanal(panel, request, reply, { accion: 'vincular', ...sent })
  const { modo, telefono } = sent.datos
  const phone = modo === 'qr' ? '' : digitsOf(telefono)
  const errores: Errores = {
    ...(phone === undefined && { telefono: 'telefono' }),
    ...(linked && sent.datos.confirmo !== 'si' && { confirmo: 'confirme' }),
  }
  if (phone === undefined || Object.keys(errores).length > 0) {
    return showCanal(panel, request, reply, { accion: 'vincular', errores, escrito: { telefono, modo } })
  }
  await order(panel, request, 'vincular', 'pair', phone)
  return done(request, reply, 'vincular')
}

/** Digits with country code. What was written with a sign is taken as it is: an old account may still have a 1 after the 52. */
function digitsOf(telefono: string): string | undefined {
  const valid = toE164(telefono)
  if (!valid) return undefined
  return (telefono.startsWith('+') ? telefono : valid).replace(/\D/g, '')
}

interface Refused {
  accion: 'desvincular' | 'vincular'
  errores: Errores
  escrito: Escrito
}

async function showCanal(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  refused?: Refused,
): Promise<FastifyReply> {
  const datos = await datosDe(panel, request)
  const bloqueos = veConversaciones(usuarioDe(request)) ? await leerBloqueos(panel.database.fork(), datos.c) : []
  const data = { ...datos, bloqueos, refused, errores: refused?.errores, ...hecho.parse(request.query) }
  return panel.pages.show(request, reply, 'canal', data, refused ? 422 : 200)
}

async function datosDe(panel: Panel, request: FastifyRequest) {
  const account = cuentaDe(panel, request)
  const [canal] = await leerCanales(panel.database.fork(), [account], enSuZona(panel))
  if (!canal) throw new HttpProblem(404, 'There is no such account.')
  const actua = usuarioDe(request).roles.includes('administrador')
  const status = account.name === 'whatsapp' ? await statusOf(panel, account.account) : undefined
  return {
    c: canal,
    actua,
    titulo: nombresDeCanal(panel)(canal.canal, canal.cuenta),
    numero: status && { held: status.held, phone: status.phone, linked: status.linked },
    // Who sees it can link a device.
    qr: actua && status?.qr ? await qrSvg(status.qr) : undefined,
    codigo: actua ? status?.code : undefined,
  }
}

async function statusOf({ database, secretKey }: Panel, account: string) {
  const status = await readStatus({ database, box: createSecretBox(secretKey, 'whatsapp'), account })
  const linked = status.phone !== null && ['open', 'restricted', 'connecting', 'waiting'].includes(status.state)
  return { ...status, linked }
}

/** @throws {HttpProblem} 404 when it is not configured. */
function cuentaDe({ channels }: Panel, request: FastifyRequest) {
  const { canal, cuenta } = params.parse(request.params)
  const found = channels.find(({ name, account }) => name === canal && account === cuenta)
  if (!found) throw new HttpProblem(404, 'There is no such account.')
  return found
}

/** @throws {HttpProblem} 404 when it is no linked number. */
function numeroDe(panel: Panel, request: FastifyRequest) {
  const account = cuentaDe(panel, request)
  if (account.name !== 'whatsapp') throw new HttpProblem(404, 'Only a linked number can be asked that.')
  return account
}

async function order(
  panel: Panel,
  request: FastifyRequest,
  accion: string,
  asked: WhatsappOrder,
  phone?: string,
): Promise<void> {
  const { name: channel, account } = numeroDe(panel, request)
  await record(panel, request, accion, phone === undefined ? {} : { modo: phone === '' ? 'qr' : 'codigo' })
  await askOf({ database: panel.database, box: createSecretBox(panel.secretKey, 'whatsapp'), account }, asked, phone)
  // What waits goes as soon as it is connected, and not at the hour of the next try.
  if (asked !== 'disconnect') await probeNow(panel.database.fork(), { channel, account })
}

/** Before it is done: nothing is done without its line. */
const record = (panel: Panel, request: FastifyRequest, accion: string, detail = {}) => {
  const { name, account } = cuentaDe(panel, request)
  return auditBy(panel.database.fork(), request, {
    action: `canal.${accion}`,
    objectType: 'canal',
    objectId: `${name}/${account}`,
    detail,
  })
}

function done(request: FastifyRequest, reply: FastifyReply, accion: string): FastifyReply {
  const { canal, cuenta } = params.parse(request.params)
  return reply.redirect(`${urlDeCanal(canal, cuenta)}?hecho=${accion}`, 303)
}
