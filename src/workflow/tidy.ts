import type { EntityManager } from '@mikro-orm/postgresql'
import type { Database } from '../runtime/database.ts'
import type { Files } from '../runtime/files.ts'
import { sql, sqlOne } from '../runtime/sql.ts'

/** Where channels lay uploads until our cleaned copy is kept. */
const UPLOADS = 'incoming'

/** Days after which such an upload belongs to no message: a process died between storing it and saving its row, or after cleaning it. */
const UPLOAD_DAYS = 2

/** Milliseconds by which an upload may be older than its message. */
const BEFORE_ITS_MESSAGE = 3_600_000

/** Removes what nobody needs any more: sessions, counts and codes that ran out, keys of forms done long ago, captures nobody took up, and uploads that lost their message. */
export async function tidy(database: Database, files: Pick<Files, 'deleteOlder'>, now: Date): Promise<void> {
  const em = database.fork()
  await sql(em, 'delete from session where expires_at < $1', [now])
  await sql(em, 'delete from throttle where resets_at < $1', [now])
  await sql(em, `delete from captura_pendiente where actualizada_at < $1::timestamptz - interval '30 days'`, [now])
  await sql(em, `delete from envio where at < $1::timestamptz - interval '30 days'`, [now])
  await sql(em, `delete from aviso_personal where leido_at < $1::timestamptz - interval '90 days'`, [now])
  await sql(em, `delete from aviso_personal where at < $1::timestamptz - interval '1 year'`, [now])
  await sql(em, `delete from correo where due_at < $1::timestamptz - interval '1 year'`, [now])
  await sql(
    em,
    `update attachment set latitud = null, longitud = null
      where latitud is not null and created_at < $1::timestamptz - interval '1 day'`,
    [now],
  )
  // Of a draft that was carried over it is kept where it came from: what becomes of it may have to be cut off there too.
  await sql(
    em,
    `delete from traspaso where desde is null and coalesce(usado_at, expires_at) < $1::timestamptz - interval '1 day'`,
    [now],
  )
  await files.deleteOlder(UPLOADS, await lostBefore(em, now))
}

/** After days of standstill there are old uploads that still wait for their turn, or to be cleaned. */
async function lostBefore(em: EntityManager, now: Date): Promise<Date> {
  const oldest = await sqlOne<{ at: Date | null }>(em, OLDEST_WAITING)
  const waiting = oldest?.at ? oldest.at.getTime() - BEFORE_ITS_MESSAGE : Number.POSITIVE_INFINITY
  return new Date(Math.min(now.getTime() - UPLOAD_DAYS * 86_400_000, waiting))
}

const OLDEST_WAITING = `
select least(
  (select min(created_at) from message where status = 'received'),
  (select min(coalesce(m.created_at, a.created_at)) from attachment a left join message m on m.id = a.message_id
    where a.status = 'pending')
) as at`
