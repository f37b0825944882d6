import { z } from 'zod'
import { SendError } from './send-error.ts'

/** Failures that come before a request leaves us. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const network = z.object({ code: z.string(), erroredSysCall: z.string().optional() })

/** What an adapter knows of a call that got no answer. */
export interface Unanswered {
  /** As staff call the platform: `Meta`. */
  platform: string
  /** Why, in words that hold no secret; left out where the error's code says enough. */
  reason?: string
  /** Each conversation may have a server of its own: one that is away says nothing of the others. */
  scope?: 'conversation'
}

/** A call that got no answer, as the one error of channels: may be tried again, and says whether it may have taken effect. */
export function noAnswer(error: unknown, { platform, reason, scope }: Unanswered): SendError {
  if (error instanceof SendError) return error
  const named = error instanceof Error ? error.name : ''
  if (named === 'AbortError' || named === 'TimeoutError') {
    return new SendError('timeout', `${platform} did not answer in time`, { retryable: true, outcomeUnknown: true })
  }
  const { data } = network.safeParse(rootOf(error))
  const left = !(data && (NEVER_LEFT.has(data.code) || data.erroredSysCall === 'connect'))
  return new SendError('unavailable', `${platform} cannot be reached${reason ? `: ${reason}` : ''}`, {
    retryable: true,
    outcomeUnknown: left,
    scope: scope ?? (left ? 'conversation' : 'account'),
    ...(data && { providerCode: data.code }),
  })
}

/** `fetch` wraps the socket's error; node-fetch, which telegraf uses, copies its code. */
const rootOf = (error: unknown): unknown => (error instanceof TypeError && error.cause ? error.cause : error)
