import type { EntityManager } from '@mikro-orm/postgresql'
import type { Logger } from 'pino'
import type { ChannelLimits } from '../../channels/channel.ts'
import type { InboundMessage, OutboundMessage } from '../../channels/message.ts'
import { splitMessage } from '../../channels/split-message.ts'
import type { Services } from '../../conversation/flows/services.ts'
import type { Advance, ConversationState, Turn } from '../../conversation/state.ts'
import type { Database } from '../../runtime/database.ts'
import { isDatabaseAway } from '../../runtime/database-away.ts'
import { takeEchoes } from './echoes.ts'
import { ALBUM_QUIET, joinMessages, turnLength } from './join-messages.ts'
import { changesEmptied } from './revisions.ts'
import { storeAttachments } from './store-attachments.ts'
import type { LimitsOf } from './store-outbound.ts'
import { anotarTelefono } from './telefono-de-address.ts'
import {
  type LockedConversation,
  lockConversation,
  type ReceivedRow,
  receivedRows,
  toInboundMessage,
} from './turn-rows.ts'
import { emptyTurn, type Outcome, writeOutcome } from './write-outcome.ts'

/** After so many failures a message is set aside and a person takes over. */
export const ATTEMPTS = 3

/** Seconds before a failed message is tried again, by the attempts it had. */
const BACKOFF = [1, 5]

/** What a turn needs. */
export interface TurnDeps {
  database: Database
  log: Logger
  advance: Advance<Services>
  servicesFor(em: EntityManager, conversation: LockedConversation): Services
  limitsOf: LimitsOf
  /** Does the current step await free text, so that a burst is one answer? */
  isFreeText(state: ConversationState): boolean
  /** What the citizen hears when a message could not be processed and a person takes over. */
  apology(state: ConversationState): OutboundMessage
  /** After the commit: something of this conversation waits to be sent, was registered, or came with a file. */
  committed(result: TurnResult): void
}

/** What the turns of one transaction did. */
export interface TurnResult {
  conversationId: number
  handled: number
  /** What is to be sent now: answers, and what had waited for the citizen to write. */
  replies: number
  failed: number
  attachments: string[]
  /** Milliseconds. */
  took: number
}

/**
 * Answers what waits in a conversation: one transaction under its lock, a savepoint for each message.
 * Resolves to the milliseconds after which to look again, when a burst or a failed message is waited for.
 */
export async function handleInbound(deps: TurnDeps, conversationId: number): Promise<number | undefined> {
  const began = performance.now()
  const outcome = emptyTurn()
  let again: number | undefined
  await deps.database.fork().transactional(async (em) => {
    const locked = await lockConversation(em, conversationId)
    const received = locked && (await receivedRows(em, locked))
    if (!received || received.rows.length === 0) return
    const { conversation, rows, again: lookAgain } = await takeEchoes(em, received.conversation, received.rows)
    again = lookAgain
    if (rows.length === 0) return
    const next = await takeTurns(deps, em, conversation, rows, outcome)
    if (next !== undefined) again = Math.min(next, lookAgain ?? next)
    const { windowMs, handsOver } = deps.limitsOf(conversation.channel, conversation.account)
    if (handsOver && conversation.state.mode === 'bot') passToPerson(outcome)
    await writeOutcome(em, conversation, outcome, windowMs !== undefined)
  })
  if (outcome.turns.length > 0) {
    const failed = outcome.turns.filter((turn) => turn.failure).length
    deps.committed({
      conversationId,
      handled: outcome.turns.length - failed,
      replies: outcome.turns.reduce((sum, turn) => sum + turn.replies.length, outcome.released),
      failed,
      attachments: outcome.attachments,
      took: performance.now() - began,
    })
  }
  return again
}

/** The last thing done where the assistant gave a conversation to a person: the platform's inbox has it from then on. */
function passToPerson({ state, turns }: Outcome): void {
  const last = turns.at(-1)
  if (last && state.mode === 'human') last.replies = [...last.replies, { handOver: true }]
}

async function takeTurns(
  deps: TurnDeps,
  em: EntityManager,
  conversation: LockedConversation,
  rows: ReceivedRow[],
  outcome: Outcome,
): Promise<number | undefined> {
  const limits = deps.limitsOf(conversation.channel, conversation.account)
  const messages = rows.map((row) => toInboundMessage(conversation, row))
  outcome.state = conversation.state
  let done = 0
  while (done < rows.length) {
    const joinTexts = limits.quiet > 0 && outcome.state.mode === 'bot' && deps.isFreeText(outcome.state)
    const length = turnLength(messages.slice(done), joinTexts)
    const turnRows = rows.slice(done, done + length)
    const pause = waitFor(turnRows, joinTexts, limits, conversation.now)
    if (pause > 0) return pause
    const retry = await takeTurn(deps, em, conversation, turnRows, messages.slice(done, done + length), outcome)
    if (retry !== undefined) return retry
    // What was said after an anonymous report is not part of it: it has its turn once the report is cut off.
    if (outcome.severSince) return 0
    done += length
  }
  // The batch may have been full: look whether more waits.
  return rows.length > 1 ? 0 : undefined
}

/** Milliseconds still to wait before this turn: for a failed message's next try, or for the rest of a burst or album. */
function waitFor(rows: ReceivedRow[], joinTexts: boolean, limits: ChannelLimits, now: Date): number {
  const first = rows[0]
  const last = rows.at(-1)
  if (!first || !last) return 0
  if (first.dueAt && first.dueAt > now) return first.dueAt.getTime() - now.getTime()
  const quiet = last.body.group !== undefined ? ALBUM_QUIET : joinTexts && last.kind === 'text' ? limits.quiet : 0
  return Math.max(0, last.createdAt.getTime() + quiet - now.getTime())
}

/** One message (or album, or burst) in its savepoint; a number when it failed and is to be tried again after so many milliseconds. */
async function takeTurn(
  deps: TurnDeps,
  em: EntityManager,
  conversation: LockedConversation,
  rows: ReceivedRow[],
  messages: InboundMessage[],
  outcome: Outcome,
): Promise<number | undefined> {
  const [first, ...rest] = messages
  if (!first) return undefined
  try {
    const message = joinMessages([first, ...rest])
    const attachments: string[] = []
    const turn = await em.transactional(async (savepoint) => {
      attachments.push(...(await storeAttachments(savepoint, conversation.id, rows, message)))
      await anotarTelefono(savepoint, conversation.addressId, messages)
      const said = await deps.advance(outcome.state, message, deps.servicesFor(savepoint, conversation))
      const redact = said.redact || (await changesEmptied(savepoint, conversation.id, message))
      return fitted(deps, conversation, { ...said, redact })
    })
    recordTurn(outcome, rows, turn)
    outcome.attachments.push(...attachments)
    if (message.kind === 'blocked' || message.kind === 'unblocked') outcome.blocked = message.kind === 'blocked'
    return undefined
  } catch (error) {
    if (isDatabaseAway(error)) throw error
    return recordFailure(deps, conversation, rows, outcome, error)
  }
}

/** Its replies as the channel can show them. */
function fitted(deps: TurnDeps, { channel, account }: LockedConversation, turn: Turn): Turn {
  const limits = deps.limitsOf(channel, account)
  return { ...turn, replies: turn.replies.flatMap((reply) => splitMessage(reply, limits)) }
}

function recordTurn(
  outcome: Outcome,
  rows: ReceivedRow[],
  turn: Turn,
  failure?: { attempts: number; reason: string },
): void {
  outcome.turns.push({ rows, replies: turn.replies, redact: turn.redact === true, failure })
  outcome.state = turn.conversation
  if (turn.severSince) outcome.severSince = turn.severSince
}

function recordFailure(
  deps: TurnDeps,
  conversation: LockedConversation,
  rows: ReceivedRow[],
  outcome: Outcome,
  error: unknown,
): number | undefined {
  const attempts = (rows[0]?.attempts ?? 0) + 1
  const reason = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : 'unknown'
  deps.log.error(
    { err: error, conversation: conversation.id, messages: rows.map((row) => row.id), attempts },
    'a message failed',
  )
  if (attempts < ATTEMPTS) {
    const seconds = BACKOFF[attempts - 1] ?? 30
    outcome.retry = { rows, attempts, seconds, reason }
    return seconds * 1000
  }
  const turn: Turn = { conversation: { ...outcome.state, mode: 'human' }, replies: [deps.apology(outcome.state)] }
  recordTurn(outcome, rows, fitted(deps, conversation, turn), { attempts, reason })
  return undefined
}
