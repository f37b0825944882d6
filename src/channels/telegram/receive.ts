import type { ChannelContext } from '../channel.ts'
import type { TelegramApi } from './api.ts'
import { fromTelegram } from './from-telegram.ts'
import type { HealthKeeper } from './health.ts'
import type { Timings } from './timings.ts'

/** What reading an account's updates needs, by either way. */
export interface Reading {
  api: TelegramApi
  account: string
  context: ChannelContext
  health: HealthKeeper
  timings: Timings
  /** Told after each commit: updates read, and numbers that Telegram skipped (lost at its side, after 24 hours). */
  counted(count: { received: number; missing: number }): void
}

/**
 * Stores what the updates say, in their order, and resolves after the commit; what is nobody's message to us is only logged.
 * Rejects when the database is away: then nothing may be confirmed to Telegram.
 */
export async function receive({ account, context }: Reading, updates: unknown[]): Promise<void> {
  const messages = updates.flatMap((update) => {
    const received = fromTelegram(update, { account, now: context.now() })
    if ('message' in received) return received.message
    context.log.info({ channel: 'telegram', account, reason: received.ignored }, 'an update was ignored')
    return []
  })
  if (messages.length > 0) await context.saveInbound(messages)
}
