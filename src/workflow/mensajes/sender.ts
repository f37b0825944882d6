import type { Logger } from 'pino'
import type { AnyChannel } from '../../channels/channel.ts'
import type { Database } from '../../runtime/database.ts'
import { publish } from '../../runtime/events.ts'
import { createKeyedRunner, type KeyedRunner } from '../../runtime/keyed-runner.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { RENEW_CLAIMS_MS, renewClaims } from './claim-message.ts'
import { type SendDeps, sendPending } from './send-message.ts'

/** What the sender needs beside what one send needs. */
export interface SenderDeps extends Omit<SendDeps, 'underway'> {
  database: Database
  log: Logger
  channelOf(channel: string, account: string): AnyChannel | undefined
}

/** Conversations that send at the same time in one process; most of it is waiting for platforms. */
const PARALLEL = 32

/** Conversations whose account is remembered; it never changes. */
const REMEMBERED = 10_000

/**
 * Sends what is pending in the conversations it is woken for, and keeps this process's claims alive. Where another process holds the
 * account's connection, that one is told; when none does, the sweeper asks again.
 */
export function createSender(deps: SenderDeps): KeyedRunner<number> {
  const underway = new Set<number>()
  const accountOf = rememberAccounts(deps.database)
  const heartbeat = setInterval(() => {
    if (underway.size === 0) return
    renewClaims(deps.database.fork(), [...underway]).catch((error) =>
      deps.log.debug({ err: error }, 'claims could not be renewed while the database is away'),
    )
  }, RENEW_CLAIMS_MS)
  heartbeat.unref()

  const runner = createKeyedRunner<number>({
    parallel: PARALLEL,
    run: async (conversationId, ending) => {
      const account = await accountOf(conversationId)
      if (deps.channelOf(account.channel, account.account)?.atHome?.() !== false)
        return sendPending({ ...deps, underway }, conversationId, account, ending)
      await publish(deps.database.fork(), { topic: 'send', conversation: conversationId, ...account })
      return undefined
    },
    failed: (conversationId, error) =>
      deps.log.warn({ err: error, conversation: conversationId }, 'sending stopped; the sweeper takes it up again'),
  })
  return {
    wake: runner.wake,
    drain: () => runner.drain().finally(() => clearInterval(heartbeat)),
    get size() {
      return runner.size
    },
  }
}

function rememberAccounts(database: Database) {
  const known = new Map<number, { channel: string; account: string }>()
  return async (conversationId: number) => {
    const remembered = known.get(conversationId)
    if (remembered) return remembered
    const account = await sqlOne<{ channel: string; account: string }>(
      database.fork(),
      'select a.channel, a.account from conversation c join address a on a.id = c.address_id where c.id = $1',
      [conversationId],
    )
    if (!account) throw new Error(`conversation ${conversationId} does not exist`)
    if (known.size >= REMEMBERED) known.clear()
    known.set(conversationId, account)
    return account
  }
}
