import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../../src/channels/channel.ts'
import { SendError } from '../../../src/channels/send-error.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { createSaveReceipt } from '../../../src/workflow/mensajes/channel-rows.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { createStoreOutbound } from '../../../src/workflow/mensajes/store-outbound.ts'
import { notingChannel, said, testDatabase } from '../way-fixture.ts'

const ACCOUNT = { channel: 'test', account: 'default' }

/** Three messages sent at 12:00:00, 12:00:10 and 12:00:20, with the ids m1, m2 and m3. */
async function sentMessages() {
  const database = await testDatabase()
  await createSaveInbound(database, () => undefined)([said('ana', 'hola'), said('beto', 'hola')])
  const [ana] = await sql<{ id: number }>(
    database.fork(),
    "select c.id from conversation c join address a on a.id = c.address_id where a.external_id = 'ana'",
  )
  const store = createStoreOutbound(() => notingChannel().channel.limits)
  await database.fork().transactional((em) =>
    store(
      em,
      ana?.id ?? 0,
      ['uno', 'dos', 'tres'].map((text) => ({ text })),
    ),
  )
  await sql(
    database.fork(),
    `update message set status = 'sent', provider_id = 'm' || seq,
       sent_at = '2026-11-22T12:00:00Z'::timestamptz + (seq - 1) * interval '10 seconds' where direction = 'out'`,
  )
  const save = createSaveReceipt(database)
  return {
    database,
    note: (receipt: Parameters<typeof save>[0]) => save(receipt),
    statuses: async () =>
      (
        await sql<{ status: string }>(
          database.fork(),
          "select status from message where direction = 'out' order by seq",
        )
      ).map(({ status }) => status),
  }
}

const by = (providerId: string, status: 'delivered' | 'read'): Receipt => ({ ...ACCOUNT, providerId, status })
const until = (address: string, time: string, status: 'delivered' | 'read'): Receipt => ({
  ...ACCOUNT,
  address,
  until: new Date(`2026-11-22T${time}Z`),
  status,
})

describe('a receipt', () => {
  it('moves one message forward, and never back', async () => {
    const { note, statuses } = await sentMessages()
    await note(by('m1', 'delivered'))
    await note(by('m2', 'read'))
    await note(by('m2', 'delivered'))
    await note(by('unknown', 'read'))
    expect(await statuses()).toEqual(['delivered', 'read', 'sent'])
  })

  it('may be of all that was sent until a moment', async () => {
    const { note, statuses } = await sentMessages()
    await note(until('ana', '12:00:15', 'delivered'))
    await note(until('ana', '12:00:05', 'read'))
    expect(await statuses()).toEqual(['read', 'delivered', 'sent'])
  })

  it('counts a message whose answer came a moment after the platform had it', async () => {
    const { note, statuses } = await sentMessages()
    await note(until('ana', '12:00:19.5', 'read'))
    expect(await statuses()).toEqual(['read', 'read', 'read'])
  })

  it('is of one person alone', async () => {
    const { note, statuses } = await sentMessages()
    await note(until('beto', '13:00:00', 'read'))
    await note({ ...until('ana', '13:00:00', 'read'), account: 'other' })
    expect(await statuses()).toEqual(['sent', 'sent', 'sent'])
  })

  it('may say that what was accepted could not be delivered', async () => {
    const { database, note, statuses } = await sentMessages()
    const failed = (providerId: string, error: SendError) => note({ ...ACCOUNT, providerId, status: 'failed', error })
    await note(by('m3', 'delivered'))
    await failed('m1', new SendError('outside_window', 'Meta answered 131047', { retryable: false }))
    await failed('m2', new SendError('blocked', 'Meta answered 131026', { retryable: false, providerCode: '131026' }))
    await failed('m3', new SendError('invalid', 'too late', { retryable: false }))
    expect(await statuses()).toEqual(['waiting_window', 'failed', 'delivered'])
    expect(await sql(database.fork(), "select blocked_reason from address where external_id = 'ana'")).toEqual([
      { blocked_reason: '131026' },
    ])
  })
})
