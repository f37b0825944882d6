import { UnreadableSecret } from '../../runtime/secret-box.ts'
import { rest, retryPause } from '../pauses.ts'
import { connect, type Ending } from './connection.ts'
import { openCredentials } from './credentials.ts'
import { afterClose } from './disconnects.ts'
import { type Line, takeOrderFor, tell } from './line.ts'
import type { RetryCounts } from './socket.ts'
import type { WhatsappOrder } from './status.ts'

/** What comes after a connection: another one after some milliseconds, or waiting until staff ask. */
type Next = { pause: number } | { waitFor: 'unlinked' | 'stopped'; reason: string } | { forget: string; next: Next }

/** Keeps a number connected while this process may: until `signal` aborts. Never rejects. */
export async function live(line: Line, retries: RetryCounts, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    await tell(line, 'connecting')
    const next = await connectOnce(line, retries, signal, () => {
      failures = 0
    })
    failures += 1
    if (signal.aborted) break
    await follow(line, next(failures), signal).catch((error) => {
      line.context.log.warn(
        { err: error, channel: 'whatsapp', account: line.account },
        'WhatsApp waits for the database',
      )
      return rest(line.timings.firstRetry, signal)
    })
  }
  // Not told: another process may already tell how it is doing with the number.
  line.state = 'off'
}

async function connectOnce(
  line: Line,
  retries: RetryCounts,
  signal: AbortSignal,
  wasOpen: () => void,
): Promise<(failures: number) => Next> {
  const pause = (failures: number): Next => ({
    pause: retryPause(failures, { first: line.timings.firstRetry, longest: line.timings.longestRetry }),
  })
  try {
    const ending = await connect(line, retries, signal)
    if (ending.opened) wasOpen()
    line.context.log.info({ channel: 'whatsapp', account: line.account, ...ending }, 'the connection to WhatsApp ended')
    return (failures) => nextOf(ending) ?? pause(failures)
  } catch (error) {
    if (error instanceof UnreadableSecret) return () => ({ waitFor: 'stopped', reason: 'unreadable' })
    line.context.log.warn({ err: error, channel: 'whatsapp', account: line.account }, 'WhatsApp waits for the database')
    return pause
  }
}

/** Undefined: connect again after a growing pause. */
function nextOf({ order, code, opened, linked, pairing }: Ending): Next | undefined {
  if (order === 'restart') return { pause: 0 }
  if (order === 'pair') return { forget: 'asked', next: { pause: 0 } }
  if (order === 'disconnect') return { forget: 'asked', next: { waitFor: 'unlinked', reason: 'disconnected' } }
  const after = afterClose(code)
  if (after.do === 'stop') return { waitFor: 'stopped', reason: after.reason }
  // Without a link there is none to forget: whatever is wrong may pass.
  if (after.do === 'pair') return !linked ? undefined : { forget: 'logged-out', next: { pause: 0 } }
  if (after.wait === 'none') return { pause: 0 }
  return pairing && !opened ? { waitFor: 'unlinked', reason: 'not-paired' } : undefined
}

async function follow(line: Line, next: Next, signal: AbortSignal): Promise<void> {
  if ('forget' in next) {
    await forget(line, signal)
    await tell(line, 'connecting', { reason: next.forget })
    return follow(line, next.next, signal)
  }
  if ('waitFor' in next) {
    await tell(line, next.waitFor, { reason: next.reason })
    await obey(line, await nextOrder(line, signal), signal)
    return
  }
  if (next.pause > 0) await tell(line, 'waiting')
  await rest(next.pause, signal)
}

async function obey(line: Line, order: WhatsappOrder | undefined, signal: AbortSignal): Promise<void> {
  if (order === 'pair') await forget(line, signal)
  if (order === 'disconnect') {
    await forget(line, signal)
    await follow(line, { waitFor: 'unlinked', reason: 'disconnected' }, signal)
  }
}

/** Deletes the link's keys; the messages decrypted with them were stored before. */
async function forget(line: Line, signal: AbortSignal): Promise<void> {
  const credentials = await openCredentials(line.vault, signal)
  await credentials.forget()
}

async function nextOrder(line: Line, signal: AbortSignal): Promise<WhatsappOrder | undefined> {
  while (!signal.aborted) {
    const order = await takeOrderFor(line).catch(() => undefined)
    if (order) return order
    await rest(line.timings.orders, signal)
  }
  return undefined
}
