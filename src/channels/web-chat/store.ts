import type { InboundMessage, MessageKind, OutboundMessage } from '../message.ts'

/** What a citizen wrote, as it lies in the row; empty once it was emptied. */
export type InboundContent = Partial<Omit<InboundMessage, 'channel' | 'account' | 'externalId' | 'kind' | 'sentAt'>>

interface StoredMessage {
  /** Our row's id. */
  id: number
  /** Its place in the conversation: the web chat's watermark. */
  seq: number
  /** Never earlier than that of the message before it: clients sort by it. */
  at: Date
}

/** A message of the citizen that had its turn. */
export interface StoredInbound extends StoredMessage {
  direction: 'in'
  externalId: string
  kind: MessageKind
  body: InboundContent
}

/** A message of ours; `staff` when a person wrote it. */
export interface StoredOutbound extends StoredMessage {
  direction: 'out'
  body: OutboundMessage
  staff: boolean
}

/** A stretch of a conversation in the order of `seq`. */
export interface Page {
  messages: (StoredInbound | StoredOutbound)[]
  ended: boolean
}

/** A file of a message: its place in the storage and its name. */
export interface StoredFile {
  key: string
  fileName: string | undefined
}

/** What the web chat asks of the rows; an address is a Direct Line conversation id. */
export interface WebChatStore {
  /** Has anything been said in this conversation, and is it over? */
  conversation(address: string): Promise<{ started: boolean; ended: boolean }>
  /** At most `limit` messages with a higher `seq`; all of them when `seq` is beyond the conversation's last (a restored database). */
  messagesAfter(address: string, seq: number, limit: number): Promise<Page>
  /** The client has everything up to `seq`: our messages until there are delivered. */
  markDelivered(address: string, seq: number): Promise<void>
  /** The file number `index` of a message; undefined when it was emptied, refused or never there. */
  file(address: string, messageId: number, index: number): Promise<StoredFile | undefined>
}
