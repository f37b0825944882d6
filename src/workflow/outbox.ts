import { defineEntity, type EntityManager, p } from '@mikro-orm/postgresql'
import { publish } from '../runtime/events.ts'
import { sqlOne } from '../runtime/sql.ts'

/** What a transition may owe: routing, a notice to the citizen, or one to those who joined them. */
export type OutboxKind = 'canalizar' | 'notificar' | 'sumados'
export type OutboxStatus = 'pending' | 'done' | 'failed' | 'skipped'

const schema = defineEntity({
  name: 'Outbox',
  tableName: 'outbox',
  properties: {
    id: p.bigint('number').primary(),
    kind: p.text().$type<OutboxKind>(),
    peticionId: p.bigint('number'),
    movimientoId: p.bigint('number'),
    status: p.text().$type<OutboxStatus>().default('pending'),
    attempts: p.integer().default(0),
    dueAt: p.datetime(),
    error: p.text().nullable(),
    messageId: p.bigint('number').nullable(),
    createdAt: p.datetime(),
    doneAt: p.datetime().nullable(),
  },
})

/** A row of work that a movimiento owes; jobs only say "look at it now". */
export class Outbox extends schema.class {}
schema.setClass(Outbox)

/** What a job is told of the row it works on; the row is locked. */
export interface OutboxRow {
  id: number
  kind: OutboxKind
  peticionId: number
  movimientoId: number
  attempts: number
  anonima: boolean
}

/** How a row was done with: ids of the messages it wrote, that nothing was owed after all, or that it is to be looked at again soon. */
export interface OutboxDone {
  status: 'done' | 'skipped' | 'later'
  messages: number[]
}

/** Gives a row that finally failed new attempts, and wakes it when the transaction of `em` commits; false when it had not failed. */
export async function reintentarOutbox(em: EntityManager, id: number): Promise<boolean> {
  const row = await sqlOne<{ kind: OutboxKind }>(
    em,
    `with quitado as (delete from descarte where outbox_id = $1)
     update outbox set status = 'pending', attempts = 0, error = null, due_at = now() where id = $1 and status = 'failed' returning kind`,
    [id],
  )
  if (row) await publish(em, { topic: 'outbox', id, kind: row.kind })
  return row !== undefined
}
