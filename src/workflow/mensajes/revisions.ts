import type { EntityManager } from '@mikro-orm/postgresql'
import type { InboundMessage } from '../../channels/message.ts'
import { sqlOne } from '../../runtime/sql.ts'

/**
 * Is it a change of a message that was emptied? Then it says the same again, and is emptied too: what was told for an anonymous
 * report does not come back by correcting it.
 */
export async function changesEmptied(
  em: EntityManager,
  conversationId: number,
  { kind, replyTo }: InboundMessage,
): Promise<boolean> {
  if (kind !== 'edit' || replyTo === undefined) return false
  return (await sqlOne(em, EMPTIED, [conversationId, replyTo])) !== undefined
}

const EMPTIED = `
select 1 from message where conversation_id = $1 and provider_id = $2 and direction = 'in' and body = '{}'::jsonb limit 1`
