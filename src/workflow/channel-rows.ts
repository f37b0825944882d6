import type { ChannelCursor, SaveReceipt } from '../channels/channel.ts'
import type { Database } from '../runtime/database.ts'
import { publish } from '../runtime/events.ts'
import { sql, sqlOne } from '../runtime/sql.ts'

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

/** Notes that a message of ours was delivered or read; a state never goes back. */
export function createSaveReceipt(database: Database): SaveReceipt {
  return async ({ channel, account, providerId, status }) => {
    await database.fork().transactional(async (em) => {
      const row = await sqlOne<{ conversationId: number }>(
        em,
        `update message set status = $4
          where channel = $1 and account = $2 and provider_id = $3 and direction = 'out'
            and (status in ('sent', 'ambiguous') or (status = 'delivered' and $4 = 'read'))
        returning conversation_id as "conversationId"`,
        [channel, account, providerId, status],
      )
      if (row) await publish(em, { topic: 'receipt', conversation: row.conversationId })
    })
  }
}
