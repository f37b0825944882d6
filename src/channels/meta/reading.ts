import type { Receipt } from '../channel.ts'
import type { InboundMessage } from '../message.ts'
import type { PublicEvent } from '../public-post.ts'

/** Whose events these are, and when they came. */
export interface Arrival {
  channel: string
  account: string
  /** Our own id on the platform: what it says is not a citizen's. */
  self: string
  now: Date
}

/** What a webhook body, or a part of it, came to. */
export interface Reading {
  messages: InboundMessage[]
  receipts: Receipt[]
  /** What was said in public; absent when nothing was. */
  posts?: PublicEvent[]
  /** Why something in it has nothing to store, for the log. */
  ignored: string[]
}

/** A reading of one thing alone. */
export const reading = (part: Partial<Reading>): Reading => ({ messages: [], receipts: [], ignored: [], ...part })

/** Several readings as one, in their order. */
export function joinReadings(readings: Reading[]): Reading {
  const posts = readings.flatMap((one) => one.posts ?? [])
  return {
    messages: readings.flatMap(({ messages }) => messages),
    receipts: readings.flatMap(({ receipts }) => receipts),
    ...(posts.length > 0 && { posts }),
    ignored: readings.flatMap(({ ignored }) => ignored),
  }
}
