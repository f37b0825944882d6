import { randomUUID } from 'node:crypto'
import { MailError } from '../../runtime/mail.ts'
import { carta } from '../avisos/correo/componer.ts'
import type { Panel } from '../deps.ts'
import type { MotivoDeLiga } from './ligas.ts'

/**
 * Sends a link to its person: true when the mail server took it, false when it did not, undefined where there is none.
 * It is in no row that waits: a link that opens an account is not left lying about; who did not get it asks again.
 */
export async function mandarLiga(
  panel: Panel,
  persona: { nombre: string; email: string },
  { liga, motivo }: { liga: string; motivo: MotivoDeLiga },
): Promise<boolean | undefined> {
  return mandar(panel, persona, motivo, liga)
}

/** Tells who was invited and asks for a password that their invitation is still good. */
export async function recordarInvitacion(panel: Panel, persona: { nombre: string; email: string }): Promise<void> {
  await mandar(panel, persona, 'pendiente')
}

async function mandar(
  panel: Panel,
  persona: { nombre: string; email: string },
  motivo: MotivoDeLiga | 'pendiente',
  liga?: string,
): Promise<boolean | undefined> {
  const { correo, municipio, publicUrl, log } = panel
  if (!correo) return undefined
  const { palabras } = panel.pages
  const renglones = [
    { texto: palabras.t(`correo_liga.${motivo}`), ...(liga === undefined ? {} : { href: liga }) },
    { texto: palabras.t('correo_liga.si_no') },
  ]
  const asunto = palabras.t(`correo_liga.asunto_${motivo}`)
  try {
    await correo.send({
      ...carta(persona, asunto, renglones, { municipio, publicUrl, palabras }),
      id: `canaliza-acceso-${randomUUID()}`,
    })
    return true
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    log.warn({ kind: error.kind, motivo }, 'a link to an account could not be sent by e-mail')
    return false
  }
}
