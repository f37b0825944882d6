import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { createSecretBox, UnreadableSecret } from '../../runtime/secret-box.ts'
import { qrSvg } from '../canales/qr-svg.ts'
import type { Panel } from '../deps.ts'
import { type Errores, readForm } from '../form.ts'
import { debeSegundoPaso, usuarioDe } from '../guard.ts'
import { wrongPassword } from './confirmar-password.ts'
import { codigosQueQuedan, placeOf, ponerSegundoPaso, quitarSegundoPaso } from './segundo-paso.ts'
import { newTotpKey, totpText, totpUri } from './totp.ts'

const password = z.string({ error: 'falta' }).min(1, 'falta').max(1024, 'largo')
const alta = z.object({
  password_actual: password,
  codigo: z.string({ error: 'falta' }).trim().min(1, 'falta').max(20, 'largo'),
  // Starts with _ so that it is never shown among what was typed.
  _clave: z.string({ error: 'falta' }).max(400, 'largo'),
})
const baja = z.object({ password_actual: password })

const URL_ = '/admin/cuenta/segundo-paso'
const config = { acceso: 'todos' as const, antesDelCambio: true }

/** One's own second step: set it up, change the phone, turn it off. */
export function cuentaSegundoPasoRoutes(app: FastifyInstance, panel: Panel): void {
  const { database } = panel
  app.get(URL_, { config }, async (request, reply) => show(panel, request, reply))
  app.post(URL_, { config }, async (request, reply) => {
    const sent = readForm(alta, request.body)
    const key = keyOf(panel, request, sent.ok ? sent.datos._clave : undefined)
    if (!sent.ok) return show(panel, request, reply, sent.errores)
    if (!key) return show(panel, request, reply, { codigo: 'codigo_otra_vez' })
    const { id } = usuarioDe(request)
    const wrong = await wrongPassword(database.fork(), id, sent.datos.password_actual)
    if (wrong) return show(panel, request, reply, { password_actual: wrong }, key)
    const codes = await ponerSegundoPaso(database.fork(), boxOf(panel), id, {
      key,
      codigo: sent.datos.codigo,
      now: panel.now(),
      ...deQuien(request),
    })
    if (!codes) return show(panel, request, reply, { codigo: 'codigo' }, key)
    return panel.pages.show(request, reply, 'codigos-de-recuperacion', { codigos: codes })
  })
  app.post(`${URL_}/quitar`, { config }, async (request, reply) => {
    const usuario = usuarioDe(request)
    if (debeSegundoPaso(usuario, panel.segundoPaso)) return show(panel, request, reply, { forma: 'segundo_paso_debe' })
    const sent = readForm(baja, request.body)
    if (!sent.ok) return show(panel, request, reply, { quitar: sent.errores.password_actual ?? 'falta' })
    const wrong = await wrongPassword(database.fork(), usuario.id, sent.datos.password_actual)
    if (wrong) return show(panel, request, reply, { quitar: wrong })
    const { autor, keep } = deQuien(request)
    await quitarSegundoPaso(database.fork(), usuario.id, autor, keep)
    return reply.redirect(URL_, 303)
  })
}

const boxOf = ({ secretKey }: Panel) => createSecretBox(secretKey, 'totp')

const deQuien = (request: FastifyRequest) => ({
  autor: { usuarioId: usuarioDe(request).id, ip: request.ip },
  ...(request.sesion ? { keep: request.sesion.idHash } : {}),
})

/** The key of a form that was shown to this very person: it travels sealed, so that nothing is stored until it is proven. */
function keyOf(panel: Panel, request: FastifyRequest, sealed: string | undefined): Buffer | undefined {
  if (!sealed) return undefined
  try {
    return boxOf(panel).open(Buffer.from(sealed, 'base64url'), `alta de ${placeOf(usuarioDe(request).id)}`)
  } catch (error) {
    if (error instanceof UnreadableSecret) return undefined
    throw error
  }
}

/** With the key that was on the page before, or a new one. */
async function show(
  panel: Panel,
  request: FastifyRequest,
  reply: FastifyReply,
  errores?: Errores,
  before?: Buffer,
): Promise<FastifyReply> {
  const usuario = usuarioDe(request)
  const key = before ?? newTotpKey()
  const issuer = `Atención Ciudadana ${panel.municipio.municipio.nombre}`
  const data = {
    errores,
    qr: await qrSvg(totpUri(key, issuer, usuario.email), panel.pages.palabras.t('segundo_paso_qr')),
    texto: totpText(key),
    clave: boxOf(panel)
      .seal(key, `alta de ${placeOf(usuario.id)}`)
      .toString('base64url'),
    debe: debeSegundoPaso(usuario, panel.segundoPaso),
    quedan: await codigosQueQuedan(panel.database.fork(), usuario.id),
  }
  return panel.pages.show(request, reply, 'segundo-paso', data, errores ? 422 : 200)
}
