import { expect, it } from 'vitest'
import { sql, sqlOne } from '../../../src/runtime/sql.ts'
import { createReturnToBot } from '../../../src/workflow/atencion/return-to-bot.ts'
import { servicesFor } from '../../../src/workflow/services.ts'
import { ayuntamiento, vecina } from '../ayuntamiento.ts'

it('gives a conversation back once: the assistant says so and goes on, and nobody attends it any more', async () => {
  const { database, services, outbox } = await ayuntamiento()
  const { conversationId } = await vecina(database.fork())
  await sql(
    database.fork(),
    "update conversation set mode = 'human', human_since = now(), flow = 'registrar', last_inbound_at = '2026-11-20' where id = $1",
    [conversationId],
  )
  const woken: number[] = []
  const returnToBot = createReturnToBot({
    database,
    returnToBot: async (state) => ({
      conversation: { ...state, mode: 'bot', step: 'descripcion' },
      replies: [{ text: 'Le vuelve a atender el asistente.' }],
    }),
    servicesFor: (em, conversation) => servicesFor(em, conversation, services),
    storeOutbound: outbox.enviar,
    wakeSend: (id) => woken.push(id),
  })
  await Promise.all([returnToBot(conversationId), returnToBot(conversationId)])
  const row = await sqlOne(
    database.fork(),
    `select mode, flow, step, human_since as "since", last_inbound_at::date::text as heard from conversation where id = $1`,
    [conversationId],
  )
  expect(row).toEqual({ mode: 'bot', flow: 'registrar', step: 'descripcion', since: null, heard: '2026-11-20' })
  const said = await sql<{ text: string; status: string }>(
    database.fork(),
    "select body->>'text' as text, status from message where conversation_id = $1",
    [conversationId],
  )
  expect(said).toEqual([{ text: 'Le vuelve a atender el asistente.', status: 'pending' }])
  expect(woken).toEqual([conversationId])
})
