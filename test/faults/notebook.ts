/** What is particular about a message beside its place in the conversation. */
export type Nature = 'plain' | 'poison' | 'confirm'

/** A message as its sender remembers it. */
export interface Note {
  channel: string
  account: string
  address: string
  externalId: string
  /** Its place among what this citizen said, from 0. */
  index: number
  nature: Nature
  /** Milliseconds since 1970; absent while the platform has no acknowledgement. */
  acknowledged?: number
}

/** All that was said to the bot, as the senders know it. */
export interface Notebook {
  readonly notes: Note[]
  /** Posts, polls' redeliveries not counted: those are the platform's own. */
  deliveries: number
  /** Deliveries that were not answered by 200. */
  refused: number
  /** Milliseconds from post to 200, of those that got it at once. */
  readonly latencies: number[]
}

export const createNotebook = (): Notebook => ({ notes: [], deliveries: 0, refused: 0, latencies: [] })

/** The place of a conversation, as a key. */
export const conversationKey = (of: { channel: string; account: string; address: string }): string =>
  `${of.channel}/${of.account}/${of.address}`
