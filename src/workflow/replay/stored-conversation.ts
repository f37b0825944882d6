import type { InboundMessage, OutboundMessage } from '../../channels/message.ts'

/** A message as it came in; who wrote it is not part of it. */
export type StoredMessage = Omit<InboundMessage, 'channel' | 'account' | 'from' | 'sentAt'> & { sentAt: string }

/** What came in without an answer between, and what was answered to it. */
export interface StoredTurn {
  /** When it was answered; ISO. */
  at: string
  messages: StoredMessage[]
  replies: OutboundMessage[]
  /** Petitions that got their folio here. */
  folios: number
}

/**
 * A conversation, or a stretch of one, that can be held again from its messages alone: it begins with the first word of an address
 * or at the menu, and ends where something was emptied, a person spoke, or we asked unasked.
 */
export interface StoredConversation {
  id: string
  channel: string
  begins: 'first_word' | 'menu'
  turns: StoredTurn[]
  /** Names, telephones and streets known of who wrote: taken out of what is exported, and never exported themselves. */
  personal?: readonly string[]
}
