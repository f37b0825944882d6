import type { EntityManager } from '@mikro-orm/postgresql'
import type { ChannelCursor, Receipt, SaveReceipt, SentMessage } from '../../channels/channel.ts'
import type { OutboundMessage } from '../../channels/message.ts'
import type { Database } from '../../runtime/database.ts'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { keepEarly, takeEarly } from './early-receipts.ts'
import { type Failing, recordFailure } from './record-send.ts'

/** The durable small value of each channel account, such as a polling offset. */
export function createCursors(database: Database) {
  return (channel: string, account: string): ChannelCursor => ({
    async read() {
      const row = await sqlOne<{ cursor: string | null }>(
        database.fork(),
        'select cursor from channel_state where channel = $1 and account = $2',
        [channel, account],
      )
      return row?.cursor ?? undefined
    },
    async write(value) {
      await sql(
        database.fork(),
        `insert into channel_state (channel, account, cursor) values ($1, $2, $3)
         on conflict (channel, account) do update set cursor = excluded.cursor, updated_at = now()`,
        [channel, account, value],
      )
    },
  })
}

/** What we sent under one of a platform's ids, while we still have it: for who could not read it, and asks again. */
export function createSentMessage(database: Database): SentMessage {
  return async (channel, account, providerId) => {
    const row = await sqlOne<{ body: OutboundMessage }>(
      database.fork(),
      `select body from message
        where channel = $1 and account = $2 and provider_id = $3 and direction = 'out' and body <> '{}'`,
      [channel, account, providerId],
    )
    return row?.body
  }
}

/** Notes what became of messages of ours after the platform took them; a state never goes back. */
export function createSaveReceipt(database: Database): SaveReceipt {
  return async (receipt) => {
    await database.fork().transactional(async (em) => {
      if (receipt.status === 'failed') return saveFailure(em, receipt)
      const rows =
        'until' in receipt
          ? await sql<Row>(em, ALL_UNTIL, [
              receipt.channel,
              receipt.account,
              receipt.status,
              receipt.address,
              receipt.until,
              GRACE,
            ])
          : await sql<Row>(em, ONE, [receipt.channel, receipt.account, receipt.status, receipt.providerId])
      const [row] = rows
      if (row) await publish(em, { topic: 'receipt', conversation: row.conversationId })
      else if ('providerId' in receipt) await keepEarly(em, receipt)
    })
  }
}

/** Notes the receipts that came before their messages were known, now that they are. */
export async function settleEarlyReceipts(database: Database): Promise<void> {
  const save = createSaveReceipt(database)
  await database.fork().transactional(async (em) => {
    for (const receipt of await takeEarly(em)) await save(receipt)
  })
}

/** Accepted, and then not delivered: what comes of it is as if the send had failed. */
async function saveFailure(em: EntityManager, receipt: Extract<Receipt, { status: 'failed' }>): Promise<void> {
  const { channel, account, providerId, error } = receipt
  const failing = await sqlOne<Failing>(em, FAILING, [channel, account, providerId])
  if (failing) await recordFailure(em, failing, error, ['sent', 'ambiguous'])
  else await keepEarly(em, receipt)
}

/** Seconds by which our clock may be behind the platform's answer when it counts "until" from its own. */
const GRACE = 1

interface Row {
  conversationId: number
}

const FORWARD = `(m.status in ('sent', 'ambiguous') or (m.status = 'delivered' and $3 = 'read'))`

const ONE = `
update message m set status = $3
 where m.channel = $1 and m.account = $2 and m.provider_id = $4 and m.direction = 'out' and ${FORWARD}
returning m.conversation_id as "conversationId"`

const ALL_UNTIL = `
update message m set status = $3
  from address a join conversation c on c.address_id = a.id
 where a.channel = $1 and a.account = $2 and a.external_id = $4 and m.conversation_id = c.id
   and m.direction = 'out' and m.sent_at <= $5::timestamptz + make_interval(secs => $6) and ${FORWARD}
returning m.conversation_id as "conversationId"`

const FAILING = `
select m.id, m.channel, m.account, a.external_id as "to", a.blocked_at is not null as blocked
  from message m join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
 where m.channel = $1 and m.account = $2 and m.provider_id = $3 and m.direction = 'out'`
