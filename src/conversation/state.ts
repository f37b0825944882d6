import type { InboundMessage, OutboundMessage } from '../channels/message.ts'

/** Who speaks for us: the engine, or a person of the staff. */
export type Mode = 'bot' | 'human'

export type Locale = 'es' | 'en'

/** What was answered, by field name; every value is JSON. */
export type Answers = Record<string, unknown>

/** Answers laid aside to be taken up later, with the flow they belong to. */
export interface Draft {
  id: string
  flow: string
  flowVersion: number
  step: string | null
  answers: Answers
  savedAt: string
}

/** What the engine knows of a conversation; it is given one and gives back the next. */
export interface ConversationState {
  mode: Mode
  flow: string | null
  flowVersion: number
  step: string | null
  answers: Answers
  drafts: Draft[]
  /** Answers in a row that the current step did not understand. */
  misses: number
  locale: Locale
  /** Version of the privacy notice this address accepted; null before. */
  avisoVersion: string | null
  /** Name as the platform tells it; a courtesy, never a datum of the petition unless the citizen confirms it. */
  profileName: string | null
}

/** The result of one `advance`. */
export interface Turn {
  conversation: ConversationState
  replies: OutboundMessage[]
  /**
   * Everything said since this moment, this turn and its replies included, must leave no trace that connects it to the address:
   * bodies are emptied (replies once they were delivered) and attachments lose their message and conversation.
   */
  severSince?: Date
  /** The message just handled (a folio with its key, say) is emptied after the turn; the rest stays. */
  redact?: boolean
}

/**
 * The engine as the workflow calls it: pure but for its `services`.
 * `message` may be several of the platform's joined into one (an album, a burst).
 */
export type Advance<Services> = (state: ConversationState, message: InboundMessage, services: Services) => Promise<Turn>
