import { sql } from '../../runtime/sql.ts'
import { runOutboxRow } from '../../workflow/run-outbox.ts'
import type { Demo } from './demo.ts'
import { refresh, type Vida } from './lives.ts'

/** Does what the petition's last step owes: routing, and the notice to the citizen. */
export async function settleOutbox(demo: Demo, vida: Vida): Promise<void> {
  const em = demo.house.database.fork()
  await refresh(em, vida)
  while (vida.owed.length > 0) {
    for (const id of vida.owed) {
      demo.clock.forward(5 + demo.random.below(40))
      await runOutboxRow(em, id, demo.outbox)
      if (vida.conversationId !== null) await settleConversation(demo, vida.conversationId)
    }
    await refresh(em, vida)
  }
}

/** Does what no petition's own way has done: what the office owes. */
export async function settleOffice(demo: Demo): Promise<void> {
  const em = demo.house.database.fork()
  const owed = await sql<{ id: number; conversationId: number | null }>(
    em,
    `select o.id, (select c.id from conversation c where c.address_id = p.address_id) as "conversationId"
       from outbox o left join peticion p on p.id = o.peticion_id where o.status = 'pending' order by o.id`,
  )
  for (const { id, conversationId } of owed) {
    await runOutboxRow(em, id, demo.outbox)
    if (conversationId !== null) await settleConversation(demo, conversationId)
  }
}

/** Gives what was just said in a conversation the demo's time, and takes it for delivered; what is to be forgotten is. */
export async function settleConversation(demo: Demo, conversationId: number): Promise<void> {
  const now = demo.clock.now()
  await sql(demo.house.database.fork(), SAID, [conversationId, demo.began, now, new Date(now.getTime() + 1500)])
}

const SAID = `
update message
   set created_at = case direction when 'in' then $3::timestamptz else $4 end,
       handled_at = case direction when 'in' then $4::timestamptz end,
       sent_at = case direction when 'out' then $4::timestamptz end,
       status = case when direction = 'in' then status when channel = 'web-chat' then 'delivered' else 'sent' end,
       provider_id = case when direction = 'out' and channel = 'telegram' then 'ejemplo-' || id else provider_id end,
       body = case when expires_at is null then body else '{}'::jsonb end,
       expires_at = null, due_at = null
 where conversation_id = $1 and created_at >= $2`

/** At the end: rows that the database dated itself get the time of what they belong to. */
export async function settleTimes(demo: Demo): Promise<void> {
  const em = demo.house.database.fork()
  for (const statement of TIMES) await sql(em, statement)
}

const TIMES = [
  `update outbox o set created_at = m.at, due_at = m.at, done_at = m.at from movimiento m where m.id = o.movimiento_id`,
  `update attachment a set created_at = m.created_at from message m where m.id = a.message_id`,
  `update attachment a set created_at = m.at from movimiento m where m.id = a.movimiento_id`,
  `update attachment a set created_at = p.registrada_at from peticion p
    where p.id = a.peticion_id and a.message_id is null and a.movimiento_id is null`,
  `with said as (
     select conversation_id as id, min(created_at) as first, max(created_at) filter (where direction = 'in') as last
       from message group by 1
   )
   update conversation c
      set created_at = said.first, last_inbound_at = said.last,
          human_since = case when c.mode = 'human' then said.last end
     from said where said.id = c.id`,
  `update address a set created_at = c.created_at from conversation c where c.address_id = a.id`,
  `update usuario set created_at = created_at - interval '200 days'`,
  // What happened before the demo began was told then; of the last days somebody may not have read it yet.
  `update aviso_personal set repartido = true, leido_at = case when at < (select max(at) from aviso_personal) - interval '2 days' then at end`,
]
