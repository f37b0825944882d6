import { pino } from 'pino'
import { createConversations } from '../src/conversation/flows/conversations.ts'
import type { Services } from '../src/conversation/flows/services.ts'
import { initialState, isFreeText } from '../src/conversation/memory.ts'
import { ENTITIES } from '../src/house.ts'
import { type Database, openDatabase } from '../src/runtime/database.ts'
import { sql } from '../src/runtime/sql.ts'
import { CONFIG_FOLDER, readSettings } from '../src/settings.ts'
import { handleInbound, type TurnDeps } from '../src/workflow/handle-inbound.ts'
import { createSaveInbound } from '../src/workflow/inbox.ts'
import { type Recorded, recordStatements, replay } from './statements.ts'

/** Turns side by side, as in one process of the program. */
const PARALLEL = 6

/** Turns a second of the program, and of a bare `pg` loop that executes the same statements. */
export interface Rates {
  ours: number
  bare: number
}

/** Handles `count` waiting messages of as many people, then does what it did to the database again without anything around it. */
export async function compareTurns(url: string, count: number): Promise<Rates> {
  const log = pino({ level: 'silent' })
  const database = await openDatabase(url, ENTITIES, log)
  try {
    const deps = await turnDeps(database)
    const warm = await waiting(database, 100)
    await inParallel(warm, (id) => handleInbound(deps, id))
    const sample = await recordOne(database, deps)

    const forUs = await waiting(database, count)
    const ours = await rateOf(forUs, (id) => handleInbound(deps, id))
    const forBare = await waiting(database, count)
    const bare = await replay(url, sample, await messagesOf(database, forBare), PARALLEL)
    return { ours, bare }
  } finally {
    await database.close()
  }
}

async function turnDeps(database: Database): Promise<TurnDeps> {
  const settings = await readSettings(CONFIG_FOLDER, {})
  const { advance, apology } = createConversations(settings, 'http://localhost:3000')
  const services: Partial<Services> = { now: () => new Date() }
  return {
    database,
    log: pino({ level: 'silent' }),
    advance,
    // The greeting asks nothing of them.
    servicesFor: () => services as Services,
    limitsOf: () => LIMITS,
    isFreeText: (state) => isFreeText(state ?? initialState('es')),
    apology,
    committed: () => undefined,
  }
}

const LIMITS: ReturnType<TurnDeps['limitsOf']> = {
  text: 4096,
  caption: 1024,
  options: { max: 10, title: 64 },
  rate: 0,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: false,
}

let person = 1

/** New people who have just written; the ids of their conversations. */
async function waiting(database: Database, count: number): Promise<number[]> {
  const ids: number[] = []
  const save = createSaveInbound(database, (id) => ids.push(id))
  for (let left = count; left > 0; left -= 100) {
    await save(
      Array.from({ length: Math.min(100, left) }, () => ({
        channel: 'bench',
        account: 'default',
        externalId: String(person),
        from: { address: String(person++) },
        kind: 'start' as const,
        sentAt: new Date(),
      })),
    )
  }
  return ids
}

async function recordOne(database: Database, deps: TurnDeps): Promise<Recorded> {
  const [conversation = 0] = await waiting(database, 1)
  const [message] = await messagesOf(database, [conversation])
  if (!message) throw new Error('nothing waits')
  return recordStatements(() => handleInbound(deps, conversation), message)
}

const messagesOf = (database: Database, conversations: number[]) =>
  sql<{ conversation: number; message: number; address: string }>(
    database.fork(),
    `select m.conversation_id as conversation, m.id as message, a.external_id as address
       from message m join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
      where m.conversation_id = any($1) and m.status = 'received'`,
    [conversations],
  )

async function rateOf(ids: number[], run: (id: number) => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await inParallel(ids, run)
  return ids.length / ((performance.now() - began) / 1000)
}

async function inParallel<T>(items: T[], run: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const item of rest) await run(item)
    }),
  )
}
