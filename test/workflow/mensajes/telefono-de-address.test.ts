import { expect, it } from 'vitest'
import type { InboundMessage } from '../../../src/channels/message.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { handleInbound } from '../../../src/workflow/mensajes/handle-inbound.ts'
import { createSaveInbound } from '../../../src/workflow/mensajes/inbox.ts'
import { echo, onlyConversation, said, testDatabase, turnDeps } from '../way-fixture.ts'

/** What is known of the telephone after these messages, one turn each. */
async function phoneAfter(...messages: Partial<InboundMessage>[]) {
  const database = await testDatabase()
  const save = createSaveInbound(database, () => undefined)
  for (const message of messages) {
    await save([said('persona', 'hola', message)])
    await handleInbound(turnDeps(database, echo).deps, await onlyConversation(database))
  }
  const [row] = await sql<{ phone: string | null }>(database.fork(), 'select phone from address')
  return row?.phone
}

const from = (phone?: string) => ({ from: { address: 'persona', ...(phone && { phone }) } })
const card = (phone: string, own: boolean): Partial<InboundMessage> => ({ kind: 'contact', contact: { phone, own } })

it('the telephone that a platform vouches for is noted at the address, and stays when a later message does not tell it', async () => {
  expect(await phoneAfter(from('+528330000001'), from())).toBe('+528330000001')
})

it('a changed telephone replaces the old one', async () => {
  expect(await phoneAfter(from('+528330000001'), from('+528330000002'))).toBe('+528330000002')
})

it('the own card is noted however the number is written; the card of somebody else is not', async () => {
  expect(await phoneAfter(card('52 1 833 000 0003', true), card('+528330000004', false))).toBe('+528330000003')
})

it('an address whose telephone nobody tells has none', async () => {
  expect(await phoneAfter({ text: 'mi teléfono es 833 000 0005' })).toBeNull()
})
