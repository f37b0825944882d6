import type { EntityManager } from '@mikro-orm/postgresql'
import type { Receipt } from '../../channels/channel.ts'
import { SendError, type SendErrorCode } from '../../channels/send-error.ts'
import { storableJson } from '../../runtime/json.ts'
import { sql } from '../../runtime/sql.ts'

/** A receipt of one message, by the platform's id. */
type OfOne = Extract<Receipt, { providerId: string }>

/** Minutes a receipt waits for its message: what is not known by then was not sent by us. */
const PATIENCE = 60

/** As many as one look takes; the next one follows soon. */
const MOST = 500

type Stored =
  | { status: 'delivered' | 'read' }
  | { status: 'failed'; code: SendErrorCode; message: string; providerCode?: string }

/**
 * Keeps a receipt whose message is not known under its id: a webhook may overtake the answer of the very send it is about.
 * Nothing is kept of a message that is known, and further on.
 */
export async function keepEarly(em: EntityManager, receipt: OfOne): Promise<void> {
  const { channel, account, providerId } = receipt
  await sql(em, KEEP, [channel, account, providerId, storableJson(toStored(receipt))])
}

/** Receipts whose messages have become known, in the order in which they came; they are given out once, and forgotten. */
export async function takeEarly(em: EntityManager): Promise<OfOne[]> {
  await sql(em, 'delete from early_receipt where created_at < now() - make_interval(mins => $1)', [PATIENCE])
  const rows = await sql<{ channel: string; account: string; providerId: string; receipt: Stored }>(em, TAKE, [MOST])
  return rows.map(({ receipt, ...message }) => fromStored(message, receipt))
}

function toStored(receipt: OfOne): Stored {
  if (receipt.status !== 'failed') return { status: receipt.status }
  const { code, message, providerCode } = receipt.error
  return { status: 'failed', code, message, ...(providerCode && { providerCode }) }
}

function fromStored(message: { channel: string; account: string; providerId: string }, stored: Stored): OfOne {
  if (stored.status !== 'failed') return { ...message, status: stored.status }
  const { code, message: text, providerCode } = stored
  const error = new SendError(code, text, { retryable: false, ...(providerCode && { providerCode }) })
  return { ...message, status: 'failed', error }
}

const KEEP = `
insert into early_receipt (channel, account, provider_id, receipt)
select $1, $2, $3, $4::jsonb
 where not exists (select from message where channel = $1 and account = $2 and provider_id = $3)`

// Deleted and told in one statement, in their own order: a state that comes twice or late changes nothing.
const TAKE = `
with known as (
  delete from early_receipt e
   where e.id in (
     select r.id from early_receipt r
      where exists (select from message m where m.channel = r.channel and m.account = r.account and m.provider_id = r.provider_id)
      order by r.id limit $1 for update skip locked)
  returning e.*
)
select channel, account, provider_id as "providerId", receipt from known order by id`
