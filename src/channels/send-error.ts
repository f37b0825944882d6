/** Why a send failed, in our words; the sender decides by these and never reads platform texts. */
export type SendErrorCode =
  | 'throttled'
  | 'unavailable'
  | 'timeout'
  | 'blocked'
  | 'invalid'
  | 'outside_window'
  | 'unauthorized'
  | 'not_connected'
  | 'unknown'

/** What an adapter knows of a failure beside its code. */
export interface SendErrorDetail {
  /** May the same send be tried again? */
  retryable: boolean
  /** Seconds the platform asked us to wait. */
  retryAfter?: number
  /** Does the whole account wait, or only this conversation? */
  scope?: 'account' | 'conversation'
  /** Did the request possibly take effect (no answer came)? */
  outcomeUnknown?: boolean
  /** The platform's own code. */
  providerCode?: string
  cause?: unknown
}

/** The one error that `Channel.send` throws: the adapter classifies, the sender decides. */
export class SendError extends Error {
  readonly code: SendErrorCode
  readonly retryable: boolean
  readonly retryAfter: number | undefined
  readonly scope: 'account' | 'conversation'
  readonly outcomeUnknown: boolean
  readonly providerCode: string | undefined

  constructor(code: SendErrorCode, message: string, detail: SendErrorDetail) {
    super(message, { cause: detail.cause })
    this.name = 'SendError'
    this.code = code
    this.retryable = detail.retryable
    this.retryAfter = detail.retryAfter
    this.scope = detail.scope ?? 'conversation'
    this.outcomeUnknown = detail.outcomeUnknown ?? false
    this.providerCode = detail.providerCode
  }
}
