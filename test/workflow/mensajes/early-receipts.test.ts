import { expect, it } from 'vitest'
import type { Receipt } from '../../../src/channels/channel.ts'
import { SendError } from '../../../src/channels/send-error.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { createSaveReceipt } from '../../../src/workflow/mensajes/channel-rows.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { sendPending } from '../../../src/workflow/mensajes/send-message.ts'
import { createStoreOutbound } from '../../../src/workflow/mensajes/store-outbound.ts'
import { sweep } from '../../../src/workflow/sweep.ts'
import { notingChannel, onlyConversation, said, sendDeps, testDatabase } from '../way-fixture.ts'

const ACCOUNT = { channel: 'test', account: 'default' }

/** A send whose answer comes only after the platform has told these receipts of it. */
async function overtaken(receipts: (save: ReturnType<typeof createSaveReceipt>) => Promise<void>) {
  const database = await testDatabase()
  const save = createSaveReceipt(database)
  const { channel } = notingChannel({}, async () => {
    await receipts(save)
    return { providerId: 'wamid.1' }
  })
  await createSaveInbound(database, () => undefined)([said('ana', 'hola')])
  const id = await onlyConversation(database)
  await database.fork().transactional((em) => createStoreOutbound(() => channel.limits)(em, id, [{ text: 'uno' }]))
  await sendPending(sendDeps(database, channel).deps, id, ACCOUNT)
  const rows = () =>
    sql<{ status: string; error: string | null }>(
      database.fork(),
      `select status, error from message where direction = 'out'`,
    )
  const early = () => sql(database.fork(), 'select id from early_receipt')
  return { database, save, rows, early, sweep: () => sweep(database, () => false) }
}

const told = (status: 'delivered' | 'read'): Receipt => ({ ...ACCOUNT, providerId: 'wamid.1', status })

it('what was delivered and read before its send was answered is noted all the same', async () => {
  const { rows, early, sweep } = await overtaken(async (save) => {
    await save(told('delivered'))
    await save(told('read'))
  })
  expect(await rows()).toMatchObject([{ status: 'sent' }])
  await sweep()
  expect(await rows()).toMatchObject([{ status: 'read' }])
  expect(await early()).toEqual([])
})

it('so is what could not be delivered, with its reason', async () => {
  const error = new SendError('blocked', 'Meta answered 131026', { retryable: false, providerCode: '131026' })
  const { database, rows, sweep } = await overtaken((save) =>
    save({ ...ACCOUNT, providerId: 'wamid.1', status: 'failed', error }),
  )
  await sweep()
  expect(await rows()).toEqual([{ status: 'failed', error: 'blocked: Meta answered 131026' }])
  expect(await sql(database.fork(), 'select blocked_reason from address')).toEqual([{ blocked_reason: '131026' }])
})

it('what is told again of a message that is known, and further on, is not kept', async () => {
  const { save, rows, early } = await overtaken(async () => undefined)
  for (const status of ['read', 'delivered', 'read'] as const) await save(told(status))
  expect(await rows()).toMatchObject([{ status: 'read' }])
  expect(await early()).toEqual([])
})

it('what is of no message of ours is forgotten after an hour', async () => {
  const { database, save, early, sweep } = await overtaken(async () => undefined)
  await save({ ...told('read'), providerId: 'somebody else’s' })
  await sweep()
  expect(await early()).toHaveLength(1)
  await sql(database.fork(), `update early_receipt set created_at = created_at - interval '61 minutes'`)
  await sweep()
  expect(await early()).toEqual([])
})
