import { setImmediate as breathe } from 'node:timers/promises'
import { type PlayedTurn, play, type ReplaySettings, type Stage, stageOf } from './play.ts'
import type { StoredConversation, StoredTurn } from './stored-conversation.ts'
import { sayTheSame, told } from './told.ts'
import { type Marks, marksOf } from './world.ts'

export type { ReplaySettings } from './play.ts'

/** An answer that is another now. */
export interface Difference {
  conversation: string
  /** Which turn of it, from 1. */
  turn: number
  /** When it was answered first; ISO. */
  at: string
  /** What the citizen said, as it was stored. */
  said: string
  /** What was answered then, and what is answered now; folios, keys and links are masked. */
  before: string
  after: string
  cause: Cause
}

/**
 * Why an answer is another one: the settings (those in force answer otherwise), the program (they answer the same), or rows that a
 * replay does not have (petitions made elsewhere, or that moved on).
 */
export type Cause = 'settings' | 'program' | 'rows'

/** A conversation in which another number of petitions gets a folio now. */
export interface OtherOutcome {
  conversation: string
  folios: { before: number; after: number }
  cause: Cause
  /** Why the program stopped answering. */
  failure?: string
}

/** What holding conversations again showed. */
export interface Replayed {
  conversations: number
  turns: number
  differences: Difference[]
  /** Conversations that reached a folio, or more of them, and no longer do: settings that cause one must not be published. */
  lost: OtherOutcome[]
  gained: OtherOutcome[]
}

/** What a replay is made with. */
export interface ReplayOptions {
  publicUrl: string
  /** The settings with which the answers were given; without them every difference counts as caused by the settings. */
  inForce?: ReplaySettings
  /** Told after each conversation how many are done. */
  progress?: (done: number) => void
}

/**
 * Holds stored conversations again with `settings`, over services in memory, and tells what is answered otherwise. Nothing is
 * written or sent; other work of the process goes on between the conversations.
 */
export async function replay(
  conversations: Iterable<StoredConversation> | AsyncIterable<StoredConversation>,
  settings: ReplaySettings,
  { publicUrl, inForce, progress }: ReplayOptions,
): Promise<Replayed> {
  const stages: Stages = {
    wanted: stageOf(settings, publicUrl),
    inForce: inForce && stageOf(inForce, publicUrl),
    marks: marksOf((inForce ?? settings).mensajes),
  }
  const result: Replayed = { conversations: 0, turns: 0, differences: [], lost: [], gained: [] }
  for await (const stored of conversations) {
    const { differences, outcome } = await compare(stored, stages)
    result.conversations += 1
    result.turns += stored.turns.length
    result.differences.push(...differences)
    if (outcome) (outcome.folios.after < outcome.folios.before ? result.lost : result.gained).push(outcome)
    progress?.(result.conversations)
    await breathe()
  }
  return result
}

interface Stages {
  wanted: Stage
  inForce: Stage | undefined
  marks: Marks
}

/** Differences of one conversation, and its outcome when that is another. */
async function compare(stored: StoredConversation, stages: Stages) {
  const now = await play(stages.wanted, stored, stages.marks)
  const folios = { before: stored.turns.reduce((sum, turn) => sum + turn.folios, 0), after: foliosOf(now) }
  const changed = stored.turns.flatMap((turn, index) => differing(turn, now[index], index) ?? [])
  if (changed.length === 0 && folios.before === folios.after) return { differences: [] }
  const control = stages.inForce && (await play(stages.inForce, stored, stages.marks))
  const causeAt = (index: number): Cause => {
    if (!control || !sayTheSame(answerOf(control[index]), answerOf(now[index]))) return 'settings'
    return now.slice(0, index + 1).some(({ looked }) => looked) ? 'rows' : 'program'
  }
  const differences = changed.map(
    ({ index, turn, before, after }): Difference => ({
      conversation: stored.id,
      turn: index + 1,
      at: turn.at,
      said: saidIn(turn),
      before,
      after,
      cause: causeAt(index),
    }),
  )
  if (folios.before === folios.after) return { differences }
  const failure = now.at(-1)?.failure
  const cause: Cause =
    !control || foliosOf(control) !== folios.after ? 'settings' : (differences[0]?.cause ?? 'program')
  const outcome: OtherOutcome = { conversation: stored.id, folios, cause, ...(failure !== undefined && { failure }) }
  return { differences, outcome }
}

const foliosOf = (played: readonly PlayedTurn[]): number => played.reduce((sum, { folios }) => sum + folios, 0)

/** What is answered, or why nothing is. */
function answerOf(played: PlayedTurn | undefined): string {
  if (!played) return ''
  const text = told(played.replies)
  return played.failure === undefined ? text : `${text}\n[${played.failure}]`.trim()
}

function differing(turn: StoredTurn, now: PlayedTurn | undefined, index: number) {
  const before = told(turn.replies)
  const after = answerOf(now)
  return now && !sayTheSame(before, after) ? { index, turn, before, after } : undefined
}

/** What a citizen said in a turn, in one line a message. */
function saidIn({ messages }: StoredTurn): string {
  return messages
    .map(({ kind, text, choice }) => {
      const what = choice ? `[${choice.label ?? choice.id}]` : (text ?? '')
      return kind === 'text' || kind === 'choice' ? what : `(${kind}) ${what}`.trim()
    })
    .join('\n')
}
