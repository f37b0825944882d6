import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { Database } from '../../../runtime/database.ts'
import { reasonOf } from '../../../runtime/problem.ts'
import { sql } from '../../../runtime/sql.ts'
import { leerAvisos } from '../../../workflow/avisos-personales/leer.ts'
import { personalActivo } from '../../../workflow/personal.ts'
import { nombresDeCanal } from '../../canales/canales.ts'
import type { ComposicionDeps } from '../correo/componer.ts'
import { decirAviso } from '../decir-aviso.ts'
import { clavesPush } from './claves.ts'
import { entregar } from './entregar.ts'

/** What sending to browsers needs. */
export interface PushDeps extends ComposicionDeps {
  database: Database
  secretKey: string
  anyPushService?: boolean | undefined
  log: Logger
}

interface Pendiente {
  avisoId: number
  suscripcionId: number
  usuarioId: number
  endpoint: string
  p256dh: string
  auth: string
  attempts: number
}

/** Pushes that one look sends; attempts after which one is let go (the notice is in the panel); seconds a service keeps it for a device that is off. */
const MOST = 100
const INTENTOS = 5
const GUARDAR = 86_400

/**
 * Sends what is due to the browsers that asked for it. A row goes when the service took it, when it is given up, and with the
 * subscription when the service no longer knows that (404, 410; RFC 8030). A second copy of a notice replaces the first on the device.
 */
export async function enviarPush(deps: PushDeps): Promise<void> {
  const em = deps.database.fork()
  const rows = await sql<Pendiente>(em, RECLAMAR, [MOST])
  if (rows.length === 0) return
  const claves = await clavesPush(em, deps.secretKey)
  const personal = await personalActivo(em)
  for (const row of rows) {
    const persona = personal.find(({ id }) => id === row.usuarioId)
    const [aviso] = persona ? await leerAvisos(em, persona, { ids: [row.avisoId] }) : []
    if (!aviso || aviso.leidoAt !== null) {
      await quitar(em, row)
      continue
    }
    const { texto, href } = decirAviso(aviso, deps.palabras, nombresDeCanal(deps))
    const payload = JSON.stringify({ titulo: deps.municipio.municipio.uac, texto, href, id: `a${row.avisoId}` })
    await enviar(em, row, payload, claves, deps)
  }
}

async function enviar(
  em: EntityManager,
  row: Pendiente,
  payload: string,
  { publica: publicKey, privada: privateKey }: { publica: string; privada: string },
  { publicUrl, anyPushService, log }: PushDeps,
): Promise<void> {
  try {
    const { default: webPush } = await import('web-push')
    const details = webPush.generateRequestDetails(
      { endpoint: row.endpoint, keys: { p256dh: row.p256dh, auth: row.auth } },
      payload,
      {
        TTL: GUARDAR,
        urgency: 'normal',
        vapidDetails: { subject: publicUrl.replace(/^http:/, 'https:'), publicKey, privateKey },
      },
    )
    const status = await entregar(details, anyPushService ?? false)
    if (status === 404 || status === 410)
      await sql(em, 'delete from suscripcion_push where id = $1', [row.suscripcionId])
    else if (status >= 200 && status < 300) await quitar(em, row)
    else await masTarde(em, row, status < 500 && status !== 429)
  } catch (error) {
    log.debug(
      { err: { message: reasonOf(error) }, suscripcion: row.suscripcionId },
      'a push service did not take a notice',
    )
    await masTarde(em, row, false)
  }
}

const quitar = (em: EntityManager, { avisoId, suscripcionId }: Pendiente) =>
  sql(em, 'delete from envio_push where aviso_id = $1 and suscripcion_id = $2', [avisoId, suscripcionId])

/** The claim already set when the next attempt is due. */
async function masTarde(em: EntityManager, row: Pendiente, forGood: boolean): Promise<void> {
  if (forGood || row.attempts >= INTENTOS) await quitar(em, row)
}

// Claimed by the time of its next attempt: 1, 3, 9 minutes and so on, so that what a dead process held goes again.
const RECLAMAR = `
with due as (
  select aviso_id, suscripcion_id from envio_push where due_at <= clock_timestamp() order by due_at limit $1 for update skip locked),
mine as (
  update envio_push e set attempts = attempts + 1, due_at = clock_timestamp() + make_interval(mins => power(3, least(attempts, 5))::int)
    from due d where e.aviso_id = d.aviso_id and e.suscripcion_id = d.suscripcion_id
  returning e.aviso_id, e.suscripcion_id, e.attempts)
select m.aviso_id as "avisoId", m.suscripcion_id as "suscripcionId", m.attempts, s.usuario_id as "usuarioId", s.endpoint, s.p256dh, s.auth
  from mine m join suscripcion_push s on s.id = m.suscripcion_id order by m.aviso_id`
