import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { Database } from '../../../runtime/database.ts'
import { MailError, type Mailer } from '../../../runtime/mail.ts'
import { sql, sqlOne } from '../../../runtime/sql.ts'
import { leerAvisos } from '../../../workflow/avisos-personales/leer.ts'
import { type Persona, personalActivo } from '../../../workflow/personal.ts'
import { type Carta, type ComposicionDeps, carta, cartaDeAvisos } from './componer.ts'

/** An e-mail that waits, as its row says. */
export interface CorreoPendiente {
  id: number
  usuarioId: number
  clase: 'aviso' | 'resumen' | 'informe' | 'prueba'
  clave: string
  attempts: number
}

/** What sending needs. */
export interface EnvioDeps extends ComposicionDeps {
  database: Database
  /** Absent where no server is configured: nothing is sent, and what waits stays. */
  correo: Mailer | undefined
  log: Logger
  /** Writes the monthly report; undefined when this person may not have it. */
  informe(persona: Persona, correo: CorreoPendiente): Promise<Carta | undefined>
}

/** E-mails that one look sends; attempts after which one is given up (some days); how long one attempt may take, in seconds. */
const MOST = 50
export const INTENTOS = 8
const CLAIM = 120

/**
 * Sends the e-mails that are due, one after another. One whose process died between sending and noting goes again with the same
 * Message-ID, by which mailboxes know it; nothing goes twice otherwise.
 */
export async function enviarCorreos(deps: EnvioDeps): Promise<void> {
  if (!deps.correo) return
  for (let sent = 0; sent < MOST; sent++) {
    const em = deps.database.fork()
    const next = await sqlOne<CorreoPendiente>(em, RECLAMAR, [CLAIM])
    if (!next) return
    const outcome = await intentar(em, next, deps)
    // While the server is away the others need not try.
    if (outcome === 'server') return
  }
}

async function intentar(em: EntityManager, correo: CorreoPendiente, deps: EnvioDeps): Promise<'done' | 'server'> {
  const persona = (await personalActivo(em)).find(({ id }) => id === correo.usuarioId)
  const escrita = persona && (await escribir(em, persona, correo, deps))
  if (!persona || !escrita) {
    await sql(em, `update correo set status = 'skipped', claimed_until = null where id = $1`, [correo.id])
    return 'done'
  }
  try {
    await deps.correo?.send({ ...escrita, id: `canaliza-${correo.clase}-${correo.id}` })
    await sql(em, ENVIADO, [correo.id, persona.email])
    return 'done'
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    deps.log.warn({ err: { message: error.kind }, correo: correo.id }, 'an e-mail to the staff was not taken')
    const forGood = error.kind !== 'server' || correo.attempts >= INTENTOS
    await sql(em, NO_ENVIADO, [
      correo.id,
      forGood,
      error.message.slice(0, 300),
      persona.email,
      error.kind === 'address',
    ])
    return error.kind === 'server' ? 'server' : 'done'
  }
}

/** undefined when there is nothing to tell any more: it was read, or left one's reach. */
async function escribir(
  em: EntityManager,
  persona: Persona,
  correo: CorreoPendiente,
  deps: EnvioDeps,
): Promise<Carta | undefined> {
  const { id, clase } = correo
  if (clase === 'informe') return deps.informe(persona, correo)
  if (clase === 'prueba')
    return carta(persona, deps.palabras.t('correo.prueba'), [{ texto: deps.palabras.t('correo.prueba_texto') }], deps)
  const rows = await sql<{ id: number }>(
    em,
    'select id from aviso_personal where correo_id = $1 and leido_at is null',
    [id],
  )
  const ids = rows.map((row) => row.id)
  const avisos = ids.length === 0 ? [] : await leerAvisos(em, persona, { ids, limit: 100 })
  return avisos.length === 0 ? undefined : cartaDeAvisos(persona, avisos, clase, deps)
}

const RECLAMAR = `
update correo set status = 'sending', attempts = attempts + 1, claimed_until = clock_timestamp() + make_interval(secs => $1)
 where id = (select id from correo
   where (status = 'pending' and due_at <= clock_timestamp()) or (status = 'sending' and claimed_until < clock_timestamp())
   order by due_at, id limit 1 for update skip locked)
returning id, usuario_id as "usuarioId", clase, clave, attempts`

const ENVIADO = `
update correo set status = 'sent', sent_at = date_trunc('hour', clock_timestamp()), para = $2, error = null, claimed_until = null
 where id = $1`

// Pauses of 1, 3, 9 minutes and so on.
const NO_ENVIADO = `
update correo set status = case when $2 then 'failed' else 'pending' end, error = $3, para = $4, rechazado = $5, claimed_until = null,
       due_at = clock_timestamp() + make_interval(mins => power(3, least(attempts, 8) - 1)::int)
 where id = $1`
