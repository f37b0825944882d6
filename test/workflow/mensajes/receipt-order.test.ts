import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Receipt } from '../../../src/channels/channel.ts'
import { SendError } from '../../../src/channels/send-error.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { createSaveReceipt, settleEarlyReceipts } from '../../../src/workflow/mensajes/channel-rows.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { onlyConversation, said, testDatabase } from '../way-fixture.ts'

const ACCOUNT = { channel: 'test', account: 'default' }

/** How far a message is; what failed is where it was accepted and no further. */
const FAR: Record<string, number> = { sent: 0, ambiguous: 0, failed: 1, waiting_window: 1, delivered: 1, read: 2 }

/** What a platform may tell, in any order and any number; `note` is that the answer of the send is written down. */
const events = fc.array(fc.constantFrom('note', 'delivered', 'read', 'failed', 'until-delivered', 'until-read'), {
  minLength: 1,
  maxLength: 8,
})

it('no order of receipts takes a message back', async () => {
  const database = await testDatabase()
  await createSaveInbound(database, () => undefined)([said('ana', 'hola')])
  const conversation = await onlyConversation(database)
  const save = createSaveReceipt(database)
  let number = 0
  await fc.assert(
    fc.asyncProperty(events, async (order) => {
      const providerId = `m${++number}`
      const [row] = await sql<{ id: number }>(database.fork(), INSERT, [conversation, number])
      let far = 0
      for (const event of [...order, 'note']) {
        if (event === 'note')
          await sql(database.fork(), 'update message set provider_id = $2 where id = $1', [row?.id, providerId])
        else await save(receiptOf(event, providerId))
        await settleEarlyReceipts(database)
        const [now] = await sql<{ status: string }>(database.fork(), 'select status from message where id = $1', [
          row?.id,
        ])
        const reached = FAR[now?.status ?? ''] ?? -1
        expect(reached).toBeGreaterThanOrEqual(far)
        far = reached
      }
      // What was read and never failed ends as read, wherever its answer came in between.
      if (order.includes('read') && !order.includes('failed')) expect(far).toBe(2)
      await sql(database.fork(), 'delete from message where id = $1', [row?.id])
      await sql(database.fork(), 'delete from early_receipt')
    }),
    { numRuns: 60 },
  )
})

const INSERT = `
insert into message (channel, account, direction, conversation_id, seq, kind, body, status, sent_at)
values ('test', 'default', 'out', $1, $2, 'text', '{"text":"x"}', 'sent', now()) returning id`

function receiptOf(event: string, providerId: string): Receipt {
  const status = event.endsWith('read') ? 'read' : 'delivered'
  if (event.startsWith('until')) return { ...ACCOUNT, address: 'ana', until: new Date(), status }
  if (event !== 'failed') return { ...ACCOUNT, providerId, status }
  return { ...ACCOUNT, providerId, status: 'failed', error: new SendError('invalid', 'no', { retryable: false }) }
}
