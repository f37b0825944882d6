import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { FileStore } from '../channels/channel.ts'
import { isDatabaseAway } from '../runtime/database-away.ts'
import { sql, sqlOne } from '../runtime/sql.ts'
import { type NotificarDeps, notificarPendiente } from './avisos/notificar.ts'
import { notificarSumados } from './avisos/sumados.ts'
import type { OutboxDone, OutboxRow } from './outbox.ts'
import { canalizarPendiente } from './peticion/canalizar-pendiente.ts'
import { momento } from './peticion/momento.ts'
import { separarArchivos } from './peticion/separar-archivos.ts'

/** After so many failures a row is `failed`, for the staff to see and retry. */
export const OUTBOX_ATTEMPTS = 6

/** What handling a row needs. */
export interface OutboxDeps extends NotificarDeps {
  files: FileStore
  log: Logger
  ahora(): Date
}

/** The messages that now wait to be sent. */
export interface OutboxMessages {
  messages: { id: number; channel: string; account: string; conversationId: number }[]
}

/**
 * Does what an outbox row owes, once, in one transaction with its new status; nothing when it is done, not due, or in other hands.
 * Notices of one petition go in the order of its history. `em` has no transaction of its own.
 * @throws only when the database is away: every other failure is written down and tried again with growing pauses.
 */
export async function runOutboxRow(em: EntityManager, id: number, deps: OutboxDeps): Promise<OutboxMessages> {
  const written: number[] = []
  for (let first = await firstInLine(em, id); first !== undefined; first = await firstInLine(em, id)) {
    const done = await attempt(em, first, deps)
    if (done) written.push(...done.messages)
    else {
      if (first !== id) await postpone(em, id)
      break
    }
  }
  return { messages: await addressed(em, written) }
}

/** The row itself, or an earlier notice of the same petition that still waits; undefined when the row no longer does. */
async function firstInLine(em: EntityManager, id: number): Promise<number | undefined> {
  const row = await sqlOne<{ id: number }>(
    em,
    `select o.id from outbox o join outbox me on me.id = $1 and me.status = 'pending' and me.due_at <= clock_timestamp()
      where o.status = 'pending' and (o.id = me.id or (o.kind = me.kind and me.kind <> 'canalizar' and o.peticion_id = me.peticion_id and o.id < me.id))
      order by o.id limit 1`,
    [id],
  )
  return row?.id
}

/** undefined: it still waits. */
async function attempt(em: EntityManager, id: number, deps: OutboxDeps): Promise<OutboxDone | undefined> {
  try {
    await separarAntes(em, id, deps)
    return await em.transactional(async (tx) => {
      const row = await claim(tx, id)
      return row && finish(tx, row, await perform(tx, row, deps), deps)
    })
  } catch (error) {
    if (isDatabaseAway(error)) throw error
    deps.log.warn({ err: error, outbox: id }, 'routing or a notice failed')
    await recordFailure(em, id, error)
    return undefined
  }
}

function perform(tx: EntityManager, row: OutboxRow, deps: OutboxDeps): Promise<OutboxDone> {
  if (row.kind === 'canalizar') return canalizarPendiente(tx, row, { ahora: deps.ahora() })
  return row.kind === 'sumados' ? notificarSumados(tx, row, deps) : notificarPendiente(tx, row, deps)
}

/** Copying files takes its time, so it holds no lock. */
async function separarAntes(em: EntityManager, id: number, deps: OutboxDeps): Promise<void> {
  const row = await sqlOne<{ peticionId: number }>(
    em,
    `select p.id as "peticionId" from outbox o join peticion p on p.id = o.peticion_id
      where o.id = $1 and o.kind = 'canalizar' and o.status = 'pending' and p.anonima`,
    [id],
  )
  if (row) await separarArchivos(em, deps.files, row.peticionId)
}

function claim(tx: EntityManager, id: number): Promise<OutboxRow | undefined> {
  return sqlOne<OutboxRow>(
    tx,
    `select o.id, o.kind, o.peticion_id as "peticionId", o.movimiento_id as "movimientoId", o.attempts, p.anonima
       from outbox o join peticion p on p.id = o.peticion_id
      where o.id = $1 and o.status = 'pending' and o.due_at <= clock_timestamp() for update of o skip locked`,
    [id],
  )
}

async function finish(tx: EntityManager, row: OutboxRow, done: OutboxDone, deps: OutboxDeps): Promise<OutboxDone> {
  if (done.status === 'later') {
    await sql(tx, `update outbox set due_at = clock_timestamp() + interval '5 seconds' where id = $1`, [row.id])
    return done
  }
  await sql(
    tx,
    `update outbox set status = $2, message_id = $3, done_at = $4, error = null,
            due_at = case when $5 then created_at else due_at end where id = $1`,
    [row.id, done.status, done.messages[0] ?? null, momento(deps.ahora(), row.anonima), row.anonima],
  )
  return done
}

/** Pauses of 5, 15, 45 seconds and so on. */
async function recordFailure(em: EntityManager, id: number, error: unknown): Promise<void> {
  const reason = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : 'unknown'
  await sql(
    em,
    `update outbox
        set attempts = attempts + 1, error = $2, status = case when attempts + 1 >= $3 then 'failed' else 'pending' end,
            due_at = clock_timestamp() + make_interval(secs => 5 * power(3, attempts))
      where id = $1 and status = 'pending'`,
    [id, reason, OUTBOX_ATTEMPTS],
  )
}

/** The one before it waits for its next attempt, or is in other hands. */
async function postpone(em: EntityManager, id: number): Promise<void> {
  await sql(
    em,
    `update outbox set due_at = clock_timestamp() + interval '2 seconds' where id = $1 and status = 'pending'`,
    [id],
  )
}

function addressed(em: EntityManager, ids: number[]): Promise<OutboxMessages['messages']> {
  if (ids.length === 0) return Promise.resolve([])
  return sql(
    em,
    `select id, channel, account, conversation_id as "conversationId" from message where id = any($1) order by seq`,
    [ids],
  )
}
