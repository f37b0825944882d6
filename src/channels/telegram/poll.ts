import { z } from 'zod'
import { SendError } from '../send-error.ts'
import { updateIdOf } from './from-telegram.ts'
import { diagnose } from './health.ts'
import { type Reading, receive } from './receive.ts'
import { rest, retryPause, within } from './timings.ts'
import { ALLOWED_UPDATES } from './updates.ts'

/** A jump of more than this is Telegram numbering anew, which it does after a week of silence; not messages missed. */
const NUMBERED_ANEW = 100_000

/** Where we are. */
interface Position {
  /** Nothing else receives this bot's updates any more. */
  ready: boolean
  /** The last poll was answered, so the next may be held. */
  heard: boolean
  /** The number of the next update, once it is known. */
  offset: number | undefined
}

/**
 * Reads updates until `signal` aborts. Each batch is committed before the offset moves, so a batch that failed is asked for again;
 * a batch being stored is finished before it ends. Never rejects.
 * @param bot the bot's number, the first part of its token: an offset means nothing to another bot.
 */
export async function poll(reading: Reading, bot: string, signal: AbortSignal): Promise<void> {
  const position: Position = { ready: false, heard: false, offset: undefined }
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (!position.ready) await prepare(reading, bot, position, signal)
      await pollOnce(reading, bot, position, signal)
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      await afterFailure(reading, position, error, failures, signal)
    }
  }
}

/** A webhook excludes polling. What it had not yet delivered stays for us. */
async function prepare(reading: Reading, bot: string, position: Position, signal: AbortSignal): Promise<void> {
  const { api, context, account, timings } = reading
  const [owner, next] = (await context.cursor('telegram', account).read())?.split(':') ?? []
  position.offset = owner === bot ? Number(next) : undefined
  await api.call('deleteWebhook', { drop_pending_updates: false }, z.unknown(), within(timings.call, signal))
  position.ready = true
}

async function pollOnce(reading: Reading, bot: string, position: Position, signal: AbortSignal): Promise<void> {
  const { api, health, timings } = reading
  const began = performance.now()
  // The first poll, and the first after a failure, is not held: it tells at once that all is well.
  const timeout = position.heard ? timings.longPoll : 0
  const updates = await api.call(
    'getUpdates',
    { offset: position.offset, limit: 100, timeout, allowed_updates: ALLOWED_UPDATES },
    z.array(z.unknown()),
    within(timeout * 1000 + timings.call, signal),
  )
  const ids = updates.flatMap((update) => updateIdOf(update) ?? [])
  const next = (ids.at(-1) ?? Number.NaN) + 1
  const moved = ids.length > 0 && next !== position.offset
  if (moved) {
    await receive(reading, updates)
    await reading.context.cursor('telegram', reading.account).write(`${bot}:${next}`)
    reading.counted({ received: ids.length, missing: missing(ids, position.offset) })
    // Also when it is lower than before: another Bot API server, or a new numbering.
    position.offset = next
  }
  health.set('polling')
  // Telegram holds an empty poll for us; a server that does not must not be asked a thousand times a second.
  const early = timings.emptyPoll - (performance.now() - began)
  if (!moved && position.heard && early > 0) await rest(early, signal)
  position.heard = true
}

/** Numbers between the last update we know and those that came. */
function missing(ids: number[], expected: number | undefined): number {
  const first = Math.min(...ids, expected ?? Number.POSITIVE_INFINITY)
  const gap = Math.max(...ids) + 1 - first - ids.length
  return gap > 0 && gap < NUMBERED_ANEW ? gap : 0
}

async function afterFailure(
  { context, account, health, timings }: Reading,
  position: Position,
  error: unknown,
  failures: number,
  signal: AbortSignal,
): Promise<void> {
  const code = diagnose(error)
  position.heard = false
  health.set(code, error instanceof SendError ? error.message : undefined)
  if (code === 'webhook-set') position.ready = false
  context.log.warn({ err: error, channel: 'telegram', account, code, failures }, 'reading updates failed')
  const demanded = error instanceof SendError ? (error.retryAfter ?? 0) * 1000 : 0
  await rest(Math.max(demanded, retryPause(failures, timings)), signal)
}
