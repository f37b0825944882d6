import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { attempt, type Limit, subscriberOf, throttleKey } from '../../runtime/throttle.ts'
import { audit } from '../audit.ts'
import type { Panel } from '../deps.ts'
import { mandarLiga, recordarInvitacion } from './correo-de-liga.ts'
import { hacerLiga, invitacionPendiente } from './ligas.ts'
import { findByEmail } from './usuario.ts'

/** By who asks, and by whom it is asked for: nobody's mailbox is filled by others. */
const PER_ADDRESS: Limit = { hits: 10, seconds: 3600 }
const PER_EMAIL: Limit = { hits: 3, seconds: 3600 }

const form = z.object({ email: z.string().trim().max(200).catch('') })

/**
 * «Olvidé mi contraseña», where e-mail works. The answer is the same, and as quick, whether there is such an account or not. Who was
 * invited and did not come in yet is reminded: their invitation, which anybody could ask to replace, stays good.
 */
export function olvidoRoutes(app: FastifyInstance, panel: Panel): void {
  const publica = { config: { acceso: 'publica' as const } }
  const underWay = new Set<Promise<void>>()
  app.addHook('preClose', async () => {
    await Promise.all(underWay)
  })
  app.get('/admin/olvido', publica, async (request, reply) => {
    requireMail(panel)
    return panel.pages.show(request, reply, 'olvido', {})
  })
  app.post('/admin/olvido', publica, async (request, reply) => {
    requireMail(panel)
    const { email } = form.parse(request.body ?? {})
    // After the answer: how long it takes would tell whether somebody is there.
    const work = sendLink(panel, request, email)
      .catch((error) => panel.log.error({ err: error }, 'a forgotten password could not be attended'))
      .finally(() => underWay.delete(work))
    underWay.add(work)
    return panel.pages.show(request, reply, 'olvido', { hecho: true })
  })
}

function requireMail({ correo }: Panel): void {
  if (!correo) throw new HttpProblem(404, 'No e-mail is sent from here.')
}

async function sendLink(panel: Panel, request: FastifyRequest, email: string): Promise<void> {
  const em = panel.database.fork()
  const { ip } = request
  const verdicts = [
    await attempt(em, throttleKey('olvido', subscriberOf(ip)), PER_ADDRESS),
    await attempt(em, throttleKey('olvido-de', email.toLowerCase()), PER_EMAIL),
  ]
  if (verdicts.some(({ allowed }) => !allowed)) return
  const usuario = await findByEmail(em, email)
  if (!usuario || usuario.disabledAt) {
    await audit(em, { action: 'sesion.olvido_de_nadie', ip })
    return
  }
  if (await invitacionPendiente(em, usuario.id)) {
    await audit(em, { action: 'usuario.olvido_con_invitacion', objectType: 'usuario', objectId: usuario.id, ip })
    return recordarInvitacion(panel, usuario)
  }
  const token = await hacerLiga(em, usuario.id, 'olvido', { ip })
  await mandarLiga(panel, usuario, { liga: `${panel.publicUrl}/admin/acceso/${token}`, motivo: 'olvido' })
}
