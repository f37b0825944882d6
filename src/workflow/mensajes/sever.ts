import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'

/**
 * Cuts what was said since `since` from the petition it became: bodies are emptied (those still to be sent once they were),
 * files that belong to a petition lose their conversation, and files that belong to none are discarded. What has not had its
 * turn, and files that other unfinished answers of the conversation name, are not of that petition. Comes after the
 * conversation's next state is written. With `until`, what was said after that moment stays.
 */
export async function sever(em: EntityManager, conversationId: number, since: Date, until?: Date): Promise<void> {
  await sql(em, BODIES, [conversationId, since, until ?? null])
  await sql(em, FILES, [conversationId, since, until ?? null])
}

const BODIES = `
update message
   set body = case when status in ('pending', 'sending', 'waiting_window') then body else '{}'::jsonb end,
       error = null,
       expires_at = case when status in ('pending', 'sending', 'waiting_window') then coalesce(expires_at, now() + interval '15 minutes') end
 where conversation_id = $1 and created_at >= $2 and created_at <= coalesce($3::timestamptz, 'infinity') and status <> 'received'`

const FILES = `
update attachment a
   set message_id = null, conversation_id = null, latitud = null, longitud = null,
       status = case when a.peticion_id is null then 'discarded' else a.status end,
       due_at = case when a.peticion_id is null then now() else a.due_at end
  from conversation c
 where c.id = $1 and a.conversation_id = c.id and a.created_at >= $2 and a.created_at <= coalesce($3::timestamptz, 'infinity')
   and (a.peticion_id is not null or strpos(c.answers::text || c.drafts::text, a.id::text) = 0)`
