import type { AnyChannel, FileStore, SaveInbound } from '../../channels/channel.ts'
import type { InboundMessage } from '../../channels/message.ts'
import { createKeyedRunner, type KeyedRunner } from '../../runtime/keyed-runner.ts'
import type { Metrics } from '../../runtime/metrics.ts'
import type { Queues } from '../../runtime/queue.ts'
import { handleInbound, type TurnDeps, type TurnResult } from './handle-inbound.ts'
import { createSaveInbound } from './inbox.ts'
import { ingestAttachment } from './ingest-attachment.ts'
import { createProfiles, type Profiles } from './profiles.ts'
import { createSender } from './sender.ts'

/** What a turn is taken with: of one configuration, from its beginning to its end. */
export type TurnParts = Pick<TurnDeps, 'advance' | 'servicesFor' | 'isFreeText' | 'apology'>

/** What the way of a message is built from. */
export interface PipelineDeps extends Omit<TurnDeps, 'committed' | keyof TurnParts> {
  /** What the next turn is taken with. */
  turn(): TurnParts
  queues: Queues
  metrics: Metrics
  files: FileStore
  channelOf(channel: string, account: string): AnyChannel | undefined
  /** Messages a second of an account; 0 means no limit. */
  rateOf(channel: AnyChannel): number
}

/** The way of a message, from the row to the send, with all that wakes it in this process. */
export interface Pipeline {
  saveInbound: SaveInbound
  wakeTurn(conversationId: number): void
  wakeSend(conversationId: number): void
  wakeAttachment(id: string): void
  /** Nothing new is begun; resolves when what was under way is done. */
  drain(): Promise<void>
}

/** Turns at the same time in one process: each holds a connection. */
const TURNS = 6
const FILES = 2

/** Milliseconds a courtesy may take. */
const COURTESY_LIMIT = 5_000

/** The queue of a channel account's sends. */
export const outboundQueue = (channel: string, account: string) => `outbound-${channel}-${account}`

/** Connects the steps: what commits wakes what comes next, in this process or by a job. */
export function createPipeline(deps: PipelineDeps): Pipeline {
  const sender = createSender({
    ...deps,
    later: ({ id, channel, account, conversationId, attempt }, delay) =>
      deps.queues.add(outboundQueue(channel, account), { id: `m${id}-${attempt}`, data: { conversationId }, delay }),
    sent: deps.metrics.messageOut,
  })
  const files = createKeyedRunner<string>({
    parallel: FILES,
    run: (id, ending) => ingestAttachment(deps, id, ending),
    failed: (id, error) =>
      deps.log.warn({ err: error, attachment: id }, 'fetching a file stopped; the sweeper takes it up'),
  })
  const profiles = createProfiles(deps)
  const turns = createTurns(deps, ({ conversationId, replies, attachments, took, failed }) => {
    deps.metrics.turn(took, failed > 0)
    if (replies > 0) sender.wake(conversationId)
    for (const id of attachments) files.wake(id)
  })
  return {
    saveInbound: receiving(deps, createSaveInbound(deps.database, turns.wake), profiles),
    wakeTurn: turns.wake,
    wakeSend: sender.wake,
    wakeAttachment: files.wake,
    async drain() {
      await turns.drain()
      await Promise.all([files.drain(), sender.drain(), profiles.drain()])
    },
  }
}

function createTurns(deps: PipelineDeps, committed: (result: TurnResult) => void): KeyedRunner<number> {
  return createKeyedRunner<number>({
    parallel: TURNS,
    run: (conversationId) => handleInbound({ ...deps, ...deps.turn(), committed }, conversationId),
    failed: (conversationId, error) =>
      deps.log.warn({ err: error, conversation: conversationId }, 'a turn stopped; the sweeper takes it up again'),
  })
}

/** Counts what came, shows at once that it was received, and asks who it was: nothing that the platform's acknowledgement waits for. */
function receiving(deps: PipelineDeps, saveInbound: SaveInbound, profiles: Profiles): SaveInbound {
  return async (messages) => {
    const result = await saveInbound(messages)
    const channel = messages[0]?.channel ?? 'none'
    deps.metrics.messageIn(channel, 'saved', result.saved)
    deps.metrics.messageIn(channel, 'repeated', result.repeated)
    if (result.saved === 0) return result
    for (const message of messages) {
      showReceived(deps, message)
      profiles.wake(message)
    }
    return result
  }
}

/** Kinds after which nobody is seen to write. */
const UNANSWERED = new Set<InboundMessage['kind']>(['blocked', 'unblocked', 'delete', 'reaction', 'echo', 'returned'])

/** The spinner of a pressed button ends, and "writing…" is shown. Courtesies: an adapter's are never to reject. */
function showReceived({ channelOf, log }: PipelineDeps, message: InboundMessage): void {
  const channel = channelOf(message.channel, message.account)
  const signal = AbortSignal.timeout(COURTESY_LIMIT)
  const failed = (error: unknown) => log.debug({ err: error, channel: message.channel }, 'a courtesy failed')
  if (message.kind === 'choice') channel?.acknowledge?.(message, signal).catch(failed)
  if (channel && !UNANSWERED.has(message.kind) && channel.limits.quiet > 0)
    channel.typing?.(message.from.address, signal).catch(failed)
}
