import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../runtime/sql.ts'

/**
 * Cuts what was said since `since` from the petition it became: bodies are emptied (those still to be sent once they were),
 * files that belong to a petition lose their conversation, and files that belong to none are discarded.
 */
export async function sever(em: EntityManager, conversationId: number, since: Date): Promise<void> {
  await sql(em, BODIES, [conversationId, since])
  await sql(em, FILES, [conversationId, since])
}

const BODIES = `
update message
   set body = case when status in ('pending', 'sending', 'waiting_window') then body else '{}'::jsonb end,
       error = null,
       expires_at = case when status in ('pending', 'sending', 'waiting_window') then coalesce(expires_at, now() + interval '15 minutes') end
 where conversation_id = $1 and created_at >= $2`

const FILES = `
update attachment
   set message_id = null, conversation_id = null,
       status = case when peticion_id is null then 'discarded' else status end,
       due_at = case when peticion_id is null then now() else due_at end
 where conversation_id = $1 and created_at >= $2`
