import type { AnyChannel, Receipt } from '../../../src/channels/channel.ts'
import type { InboundMessage, MediaRef, OutboundMessage } from '../../../src/channels/message.ts'
import type { FailureKind } from './kinds.ts'

/** How a body comes: as the platform sends it, by somebody who does not know the secret, or with a secret of their own. */
export type Manner = 'signed' | 'unsigned' | 'forged'

/** A channel account that runs against its platform's protocol, over a real socket. */
export interface Line extends AsyncDisposable {
  channel: AnyChannel
  /** What was stored; the ids that differ from run to run are as the cases name them. */
  stored(): Promise<InboundMessage[]>
  receipts(): Receipt[]
  /** Forgets what was stored, so that the next payload stands alone. */
  forget(): Promise<void>
  /** Hands over a payload as the platform does, and resolves when it was taken or refused: whether it was confirmed to the platform. */
  deliver(payload: unknown): Promise<boolean>
  /** Posts these bytes, where the platform posts: the HTTP status, or `closed`. */
  post?(body: string, manner: Manner): Promise<number | 'closed'>
  /** The database is away, or back. */
  database?(away: boolean): void
  /** Says something to somebody; what reached the platform of it, in order. */
  say(message: OutboundMessage, how: { byStaff?: true | undefined; late?: true | undefined }): Promise<unknown[]>
  /** Sends something, or fetches a file, while the platform behaves so; rejects with the SendError. */
  fail?(kind: FailureKind): Promise<unknown>
}

/** Time enough for one call. */
export const enough = () => AbortSignal.timeout(20_000)

/** A file of a citizen's, where its place is not what is tried. */
export const someFile = (ref: string): MediaRef => ({ kind: 'image', ref })
