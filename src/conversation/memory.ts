import { z } from 'zod'
import type { Answers, ConversationState } from './state.ts'

/** The engine's own notes, kept among a flow's answers so that the state alone suffices to go on. */
const memorySchema = z.object({
  /** Steps answered, in the order in which they were. */
  trail: z.array(z.string()).catch([]),
  /** Options as last shown, so that `2` means what the citizen saw. */
  shown: z.array(z.string()).catch([]),
  /** Does the question that stands await free words? */
  freeText: z.boolean().catch(false),
  /** Was a person offered, so that the answer may be about that? */
  offered: z.boolean().catch(false),
  /** Steps by the platform's id of the message that answered them, of those that await words. */
  said: z.record(z.string(), z.string()).catch({}),
  /** The same few texts that came one after another at one question: see echo-loop.ts. */
  repeated: z
    .object({ step: z.string().nullable(), since: z.number(), texts: z.number(), kinds: z.array(z.number()) })
    .optional()
    .catch(undefined),
})

export type Memory = z.output<typeof memorySchema>

const KEY = '_'

/** What the engine noted; whatever does not fit counts as nothing noted. */
export const readMemory = (answers: Answers): Memory => memorySchema.parse(answers[KEY] ?? {})

/** The answers with other notes. */
export const withMemory = (answers: Answers, change: Partial<Memory>): Answers => ({
  ...answers,
  [KEY]: { ...readMemory(answers), ...change },
})

/** The answers with these fields filled, and without those that are now undefined. */
export const withFields = (answers: Answers, fields: Answers): Answers =>
  Object.fromEntries(Object.entries({ ...answers, ...fields }).filter(([, value]) => value !== undefined))

/** What was answered, without the engine's notes. */
export const fieldsOf = (answers: Answers): Answers => withFields(answers, { [KEY]: undefined })

/** Does the conversation await free words, so that messages in quick succession are one answer? */
export const isFreeText = (state: ConversationState): boolean =>
  state.flow === null ? true : readMemory(state.answers).freeText

/** A conversation before its first word. */
export const initialState = (locale: ConversationState['locale'] = 'es'): ConversationState => ({
  mode: 'bot',
  flow: null,
  flowVersion: 0,
  step: null,
  answers: {},
  drafts: [],
  misses: 0,
  locale,
  avisoVersion: null,
  profileName: null,
})
