import type { InboundMessage, OutboundMessage } from '../../../src/channels/message.ts'
import type { SendError } from '../../../src/channels/send-error.ts'
import type { AbuseKind, FailureKind, InputKind, OutputKind } from './kinds.ts'

/** Why a platform has no such thing, in Spanish, for docs/conformidad.md. */
export type Reason = string

/** A payload of the platform's, by its file, and what the gateway stores of it. */
export interface InputCase {
  /** Below the channel's folder of fixtures, without `.json`. */
  file: string
  /**
   * The neutral messages, in order. All they say must be named here; who, when and the ids are compared where they are named.
   */
  becomes?: Partial<InboundMessage>[]
  /** What is noted of messages of ours. */
  receipts?: object[]
}

/** Something we say, and how it has to be said to that platform. */
export interface OutputCase {
  label: string
  message: OutboundMessage
  /** Said by a person of the staff. */
  byStaff?: true
  /** Said after the window has closed. */
  late?: true
}

/** What `SendError` says; fields that are not named are not compared. */
export type Failure = Partial<Pick<SendError, 'code' | 'retryable' | 'retryAfter' | 'scope' | 'outcomeUnknown'>>

/** What is asked of a channel when something goes wrong on the way in; a number is bytes, texts are bodies. */
export interface Abuses {
  malformed: string[] | Reason
  unsigned: true | Reason
  oversize: number | Reason
  duplicated: string[] | Reason
  disordered: string[] | Reason
  databaseAway: string[] | Reason
}

/** All that is asked of one channel: each cell has cases, or the reason why there are none. */
export interface ChannelCases {
  name: string
  /** Of its fixtures, below test/channels. */
  folder: string
  inputs: Record<InputKind, InputCase[] | Reason>
  /** What is said is the same for all (`OUTPUTS_SAID`), how is in wire/<name>.json. */
  outputs: Record<OutputKind, true | Reason>
  abuses: { [Kind in AbuseKind]: Abuses[Kind] }
  failures: Record<FailureKind, Failure | Reason>
}

/** Whether a cell says why there is nothing. */
export const isReason = (cell: unknown): cell is Reason => typeof cell === 'string'
