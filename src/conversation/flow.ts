import type { Option, OutboundMessage } from '../channels/message.ts'
import type { Answer } from './answer.ts'
import type { Answers, ConversationState, Locale } from './state.ts'

/** What a step may look at; `W` is what the flows of a program were given (services, texts…). */
export type Context<W> = W & {
  readonly state: ConversationState
  /** Of the current flow, by field name. */
  readonly answers: Answers
}

/** An answer to choose; `words` are other ways of saying it. */
export interface Choosable {
  /** Unique within its question, without `/`; together with the step's id at most 64 bytes. */
  id: string
  label: string
  words?: readonly string[]
}

/** What a step says to get its answer. */
export interface Question {
  text: string
  options?: readonly Choosable[]
  /** Labels of the platform's own buttons for sharing a place or a phone. */
  requestLocation?: string
  requestContact?: string
}

/** Something said: plain text may share a message with what follows, an OutboundMessage stands alone. */
export type Said = string | OutboundMessage

/** Where the conversation goes. */
export type Next =
  /** To the flow's first unfilled step, or to its end. */
  | { to: 'next' }
  /** The same question again; the answer was understood. */
  | { to: 'again' }
  /** The same question again; the answer was not understood, and `because` says why. */
  | { to: 'miss'; because?: string }
  /** Nowhere and nothing more is said: the question stands. */
  | { to: 'stay' }
  | { to: 'step'; step: string }
  /** To the step answered before this one. */
  | { to: 'back' }
  | ToFlow
  /** Takes up a draft; `with` are fields that came for it meanwhile. What was said in the current flow is saved unless `drop`. */
  | { to: 'draft'; id: string; with?: Answers; drop?: true }
  /** Out of all flows, until the citizen writes again. */
  | { to: 'rest' }
  /** A person of the staff takes over. */
  | { to: 'person' }

/** To another flow; what was said in this one is saved as a draft unless `drop`. */
export interface ToFlow {
  to: 'flow'
  flow: string
  answers?: Answers
  drop?: true
}

/** What an answer, or the end of a flow, leads to: where, and what is said and noted on the way. */
export type Move = Next & {
  say?: readonly Said[]
  /** Fields of the current flow to fill; `undefined` erases one. */
  set?: Answers
  /** Forgets a draft. */
  dropDraft?: string
  avisoVersion?: string
  /** The language in which the conversation goes on. */
  locale?: Locale
  severSince?: Date
  redact?: true
}

/** One question of a flow, as data. Its functions must be pure but for the context's services. */
export interface Step<W> {
  /** Unique within the flow, without `/` except `kind:id` of an expansion. Stays the same across versions. */
  readonly id: string
  /** Does it concern this citizen, given what was said? By default yes. */
  readonly when?: (context: Context<W>) => boolean
  /** Is it answered? By default: the field with the step's name is filled. */
  readonly filled?: (context: Context<W>) => boolean
  /** Looked up just before it would be asked on the way forward: fields that may answer it, so that it is not. */
  readonly prepare?: (context: Context<W>) => Promise<Answers>
  /** The option that is so surely meant that it is chosen without asking; where choosing it leads nowhere, it is asked. */
  readonly sure?: (context: Context<W>) => string | undefined
  readonly ask: (context: Context<W>) => Question | Promise<Question>
  readonly read: (answer: Answer, context: Context<W>) => Move | Promise<Move>
  /** Free words are an answer, so that a burst of messages is one, and labels count only when written whole. */
  readonly freeText?: true
  /** A whole story is expected: an emergency told here is an answer too. */
  readonly story?: true
  /** Digits are an answer and never the number of an option. */
  readonly digits?: true
  /** What it takes besides words; the rest is offered to the flow's `absorb`. */
  readonly takes?: readonly ('media' | 'location' | 'contact')[]
  /** Asked only when a move names it. */
  readonly aside?: true
  /** How it is called where a citizen chooses what to correct; without it, it is not offered. */
  readonly label?: (context: Context<W>) => string
  /** What "the same question in other words" says after two misses; by default a general hint. */
  readonly rephrase?: (context: Context<W>) => string
}

/** Questions that depend on what was said: one a question of the category, for instance. */
export type Expansion<W> = (context: Context<W>) => readonly Step<W>[]

/** A conversation as data. */
export interface Flow<W> {
  /** Grows when steps or fields change their meaning; fields keep their names across versions. */
  readonly version: number
  readonly steps: readonly (Step<W> | Expansion<W>)[]
  /** How its unfinished answers are called within a sentence; undefined when there is nothing worth keeping. */
  readonly title?: (context: Context<W>) => string | undefined
  /** Takes what came beside the current step's answer: a photo, a pin, a contact. Undefined: no use for it. */
  readonly absorb?: (answer: Answer, context: Context<W>) => Move | undefined
  /** Takes words that put right what was said before, at whatever question. Undefined: they do not. */
  readonly correct?: (answer: Answer, context: Context<W>, step: Step<W>) => Move | undefined
  /** Tells the answer to the question from what stands after it and `correct` takes. Undefined: these words are all one. */
  readonly apart?: (answer: Answer, context: Context<W>, step: Step<W>) => { answer: string; more: string } | undefined
  /** Keeps what told of danger where something else was asked; the number to call was said. Undefined: it is not kept. */
  readonly warned?: (answer: Answer, context: Context<W>) => Move | undefined
  /** Takes an answer that its question did not understand and that fits another one. Undefined: it fits none. */
  readonly reconsider?: (answer: Answer, context: Context<W>) => Move | undefined
  /** What happens when nothing is left to ask. */
  readonly finish: (context: Context<W>) => Move | Promise<Move>
}

/** Steps as they stand now, with the expansions among them. */
export const expand = <W>(steps: Flow<W>['steps'], context: Context<W>): Step<W>[] =>
  steps.flatMap((one) => (typeof one === 'function' ? [...one(context)] : [one]))

/** All steps of a flow as they stand now. */
export const stepsOf = <W>(flow: Flow<W>, context: Context<W>): Step<W>[] => expand(flow.steps, context)

/** Is the step answered? */
export const isFilled = <W>(step: Step<W>, context: Context<W>): boolean =>
  step.filled ? step.filled(context) : context.answers[step.id] !== undefined

/** The first question still to be asked. */
export const nextStep = <W>(flow: Flow<W>, context: Context<W>): Step<W> | undefined =>
  stepsOf(flow, context).find((step) => !step.aside && (step.when?.(context) ?? true) && !isFilled(step, context))

/** The id by which a press of this option comes back. */
export const optionId = (step: string, option: string): string => `${step}/${option}`

/** The options of a question as a channel shows them. */
export const toOptions = (step: string, options: readonly Choosable[]): Option[] =>
  options.map(({ id, label }) => ({ id: optionId(step, id), label }))
