import type { OutboundMessage } from '../channels/message.ts'
import type { Answer } from './answer.ts'
import { type Context, type Flow, type Move, type Said, type Step, stepsOf, type ToFlow } from './flow.ts'
import { readMemory, withMemory } from './memory.ts'
import { LONGEST, type Mensajes } from './mensajes.ts'
import type { ConversationState, Locale, Turn } from './state.ts'

/** The least that flows must be given. */
export interface World {
  mensajes: Mensajes
  now(): Date
}

/** Everything a program's conversation is made of. */
export interface Definition<W extends World> {
  flows: Readonly<Record<string, Flow<W>>>
  /** What happens when somebody writes who is in no flow. */
  begin: (answer: Answer, context: Context<W>) => Move | Promise<Move>
  /** Told before anything else, at any moment, also while a person attends; undefined when there is no danger in these words. */
  warn: (text: string, context: Context<W>) => Said | undefined
  /** Words that work at every step; undefined when these are none of them. */
  command: (
    answer: Answer,
    context: Context<W>,
    step: Step<W> | undefined,
  ) => Move | undefined | Promise<Move | undefined>
  /** Is this text one of those words, so that what was written before it is an answer of its own? */
  isCommand: (text: string, context: Context<W>) => boolean
  /** A person of the staff is asked for. */
  person: (context: Context<W>) => Move | Promise<Move>
  /** Something is written while a person is awaited: where to go, when it is to be the assistant's again, or what to say; undefined: silence. */
  waiting: (answer: Answer, context: Context<W>) => Promise<Move | undefined>
  /** A platform's own "start", with what its link carried. */
  start: (payload: string, answer: Answer, context: Context<W>) => Move
  /** A button of another question that still means something. */
  pressed: (step: string, option: string, answer: Answer, context: Context<W>) => Move | Promise<Move> | undefined
  /** The same world in another language; where there is none, there is but one. */
  speaking?: (world: W, locale: Locale) => W
  /** The language in which this was surely written, when it is not the conversation's. */
  foreign?: (text: string, context: Context<W>) => Locale | undefined
  /** The offer to go on in a language was taken. */
  speak?: (locale: Locale, context: Context<W>) => Move
  /** Another flow that must come first, and carries this one along; undefined when it may be entered. */
  gate: (wanted: ToFlow, context: Context<W>) => Move | undefined
}

/** One turn while it is worked out. */
export interface Run<W extends World> {
  readonly definition: Definition<W>
  world: W
  state: ConversationState
  replies: OutboundMessage[]
  /** Said, and still to share a message with what follows. */
  said: string[]
  severSince?: Date
  redact?: true
  /** A language that is offered with the next question. */
  offering?: Locale
}

/** A turn that has said nothing yet. */
export const newRun = <W extends World>(definition: Definition<W>, world: W, state: ConversationState): Run<W> => ({
  definition,
  world,
  state,
  replies: [],
  said: [],
})

/** What steps may look at now. */
export const contextOf = <W extends World>({ world, state }: Run<W>): Context<W> => ({
  ...world,
  state,
  answers: state.answers,
})

/** The flow one is in; undefined also for one that no longer exists. */
export const flowOf = <W extends World>({ definition, state }: Run<W>): Flow<W> | undefined =>
  state.flow === null ? undefined : definition.flows[state.flow]

/** The step whose question stands; undefined also for one that no longer exists or no longer concerns this citizen. */
export function stepOf<W extends World>(run: Run<W>): Step<W> | undefined {
  const flow = flowOf(run)
  const context = contextOf(run)
  const step = flow && stepsOf(flow, context).find(({ id }) => id === run.state.step)
  return step && (step.when?.(context) ?? true) ? step : undefined
}

/** Says it; what stands alone goes out after what was said before. */
export function say<W extends World>(run: Run<W>, said: readonly Said[]): void {
  for (const one of said) {
    if (typeof one === 'string') run.said.push(one)
    else {
      flush(run)
      run.replies.push(one)
    }
  }
}

/** Sends what was said, with the question when they fit one message together. */
export function flush<W extends World>(run: Run<W>, question?: OutboundMessage): void {
  const spoken = run.said.filter((text) => text !== '')
  run.said = []
  const messages: string[] = []
  for (const text of [...spoken, ...(question?.text ? [question.text] : [])]) {
    const together = messages.length > 0 ? `${messages.at(-1)}\n${text}` : text
    if (fits(together)) messages.splice(-1, 1, together)
    else messages.push(text)
  }
  run.replies.push(...(question ? messages.slice(0, -1) : messages).map((text) => ({ text })))
  if (question) run.replies.push({ ...question, ...(messages.length > 0 && { text: messages.at(-1) ?? '' }) })
}

const fits = (text: string) => text.length <= LONGEST.characters && text.split('\n').length <= LONGEST.lines

/** Changes the engine's notes. */
export function remember<W extends World>(run: Run<W>, change: Parameters<typeof withMemory>[1]): void {
  run.state = { ...run.state, answers: withMemory(run.state.answers, change) }
}

/** The engine's notes. */
export const memoryOf = <W extends World>(run: Run<W>) => readMemory(run.state.answers)

/** What the turn came to. */
export function toTurn<W extends World>(run: Run<W>): Turn {
  flush(run)
  const { state, replies, severSince, redact } = run
  return { conversation: state, replies, ...(severSince && { severSince }), ...(redact && { redact }) }
}
