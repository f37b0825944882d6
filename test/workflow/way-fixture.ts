import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { expect, onTestFinished } from 'vitest'
import type { AnyChannel, ChannelLimits } from '../../src/channels/channel.ts'
import type { Delivery, InboundMessage, SendResult } from '../../src/channels/message.ts'
import type { Services } from '../../src/conversation/flows/services.ts'
import type { Advance } from '../../src/conversation/state.ts'
import { type Database, openDatabase } from '../../src/runtime/database.ts'
import { sql } from '../../src/runtime/sql.ts'
import type { TurnDeps, TurnResult } from '../../src/workflow/mensajes/handle-inbound.ts'
import type { SendDeps } from '../../src/workflow/mensajes/send-message.ts'
import { LIMITS } from '../channels/limits.ts'
import { createTestDatabase } from '../database.ts'

export const silent = pino({ level: 'silent' })

/** A database of the test's own, closed and dropped when it ends. */
export async function testDatabase(): Promise<Database> {
  const { url, drop } = await createTestDatabase()
  const database = await openDatabase(url, [], silent)
  onTestFinished(async () => {
    await database.close()
    await drop()
  })
  return database
}

/** A channel that notes what it was asked to send; `answer` may throw a SendError. */
export function notingChannel(
  limits: Partial<ChannelLimits> = {},
  answer: (delivery: Delivery) => Promise<SendResult> | SendResult = () => ({}),
) {
  const sent: { to: string; text: string; at: number }[] = []
  const channel: AnyChannel = {
    name: 'test',
    account: 'default',
    limits: { ...LIMITS, ...limits },
    async send(delivery) {
      const result = await answer(delivery)
      sent.push({ to: delivery.to, text: delivery.message.text ?? '', at: performance.now() })
      return result
    },
  }
  return { channel, sent }
}

/** A message as an adapter would make it. */
export function said(address: string, text: string, more: Partial<InboundMessage> = {}): InboundMessage {
  return {
    channel: 'test',
    account: 'default',
    externalId: randomUUID(),
    from: { address },
    kind: 'text',
    text,
    sentAt: new Date('2026-11-22T12:00:00Z'),
    ...more,
  }
}

/** Answers each text with the same text after "eco:", and counts in `answers.n`. */
export const echo: Advance<Services> = async (state, message) => ({
  conversation: { ...state, answers: { ...state.answers, n: Number(state.answers.n ?? 0) + 1 } },
  replies: [{ text: `eco: ${message.text}` }],
})

/** What a turn needs, with an engine of the test's own; Services are never asked. */
export function turnDeps(database: Database, advance: Advance<Services>, limits: Partial<ChannelLimits> = {}) {
  const results: TurnResult[] = []
  const deps: TurnDeps = {
    database,
    log: silent,
    advance,
    servicesFor: () => {
      const services: Partial<Services> = {}
      return services as Services
    },
    limitsOf: () => ({ ...LIMITS, ...limits }),
    isFreeText: () => true,
    apology: () => ({ text: 'disculpe' }),
    committed: (result) => results.push(result),
  }
  return { deps, results }
}

/** What a send needs. */
export function sendDeps(database: Database, channel: AnyChannel) {
  const later: { id: number; delay: number }[] = []
  const outcomes: string[] = []
  const deps: SendDeps = {
    database,
    log: silent,
    channelOf: () => channel,
    rateOf: () => channel.limits.rate,
    later: async ({ id }, delay) => {
      later.push({ id, delay })
    },
    sent: (_channel, result) => outcomes.push(result),
    underway: new Set(),
  }
  return { deps, later, outcomes }
}

export interface MessageRow {
  id: number
  direction: 'in' | 'out'
  seq: number | null
  status: string
  text: string | null
  attempts: number
  error: string | null
}

/** All messages in the order of `seq`, those without one last. */
export function messages(database: Database): Promise<MessageRow[]> {
  return sql<MessageRow>(
    database.fork(),
    `select id, direction, seq, status, body->>'text' as text, attempts, error from message order by conversation_id, seq nulls last, id`,
  )
}

/** The only conversation's id. */
export async function onlyConversation(database: Database): Promise<number> {
  const [row] = await sql<{ id: number }>(database.fork(), 'select id from conversation')
  if (!row) throw new Error('there is no conversation')
  return row.id
}

/** Resolves when a statement of this database waits for another's lock. */
export const waitingForALock = (database: Database): Promise<void> =>
  expect
    .poll(() =>
      sql(
        database.fork(),
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      ),
    )
    .toHaveLength(1)
