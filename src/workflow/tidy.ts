import type { Database } from '../runtime/database.ts'
import type { Files } from '../runtime/files.ts'
import { sql } from '../runtime/sql.ts'

/** Where channels lay uploads until our cleaned copy is kept. */
const UPLOADS = 'incoming'

/** Days after which such an upload belongs to no message: a process died between storing it and saving its row, or after cleaning it. */
const UPLOAD_DAYS = 2

/** Removes what nobody needs any more: sessions and counts that ran out, and uploads that lost their message. */
export async function tidy(database: Database, files: Pick<Files, 'deleteOlder'>, now: Date): Promise<void> {
  const em = database.fork()
  await sql(em, 'delete from session where expires_at < $1', [now])
  await sql(em, 'delete from throttle where resets_at < $1', [now])
  await files.deleteOlder(UPLOADS, new Date(now.getTime() - UPLOAD_DAYS * 86_400_000))
}
