import { z } from 'zod'
import { noAnswer } from '../no-answer.ts'
import { SendError, type SendErrorCode, type SendErrorDetail } from '../send-error.ts'

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string().default('') }) })

type Meaning = [code: SendErrorCode, detail: SendErrorDetail]

const UNAUTHORIZED: Meaning = ['unauthorized', { retryable: true, scope: 'account' }]
const BLOCKED: Meaning = ['blocked', { retryable: false }]
const INVALID: Meaning = ['invalid', { retryable: false }]
const UNAVAILABLE: Meaning = ['unavailable', { retryable: true }]

/**
 * Refusals that are about this one person: the bot was removed or blocked, or the conversation is over.
 * https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability#status-codes-from-bot-conversational-apis
 */
const NOBODY_THERE = new Set([
  'MessageWritesBlocked',
  'BotNotInConversationRoster',
  'ConversationBlockedByUser',
  'BotBlockedByUser',
  'UserBlockedBot',
  'UserNotFound',
  'NotEnoughPermissions',
  'ConversationNotFound',
  'ConversationEnded',
])

const BY_STATUS: Record<number, Meaning> = {
  401: UNAUTHORIZED,
  403: UNAUTHORIZED,
  // A conversation that the service does not know (any more); who comes back comes by a new one.
  404: BLOCKED,
  410: BLOCKED,
  408: UNAVAILABLE,
  // Teams: two changes at once, to be tried again.
  412: UNAVAILABLE,
  429: ['throttled', { retryable: true }],
  // The gateway gave up waiting, and does not know what became of the request.
  504: ['unavailable', { retryable: true, outcomeUnknown: true }],
}

/** What an answer of a channel's service means; `retryAfter` as in its header. Never with what we sent. */
export function classifyAnswer(status: number, body: string, retryAfter: string | null, now: Date): SendError {
  const { data } = errorBody.safeParse(parsed(body))
  const reason = data?.error.code ?? ''
  const [code, detail] = NOBODY_THERE.has(reason) ? BLOCKED : (BY_STATUS[status] ?? usual(status))
  const seconds = status === 429 || status === 503 ? secondsOf(retryAfter, now) : undefined
  return new SendError(code, `The Bot Framework answered ${[status, reason].filter(Boolean).join(' ')}`, {
    ...detail,
    ...(seconds !== undefined && { retryAfter: seconds }),
    providerCode: [status, reason].filter(Boolean).join('/'),
  })
}

/** A redirect is not followed: our token would go along, to who knows whom. */
const usual = (status: number): Meaning => (status >= 500 ? UNAVAILABLE : INVALID)

/** The header is seconds or a moment. */
function secondsOf(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined
  const seconds = /^\d{1,6}$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined
}

/** What is no JSON explains nothing. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** A call that got no answer. Each channel has a service of its own. */
export const withoutAnswer = (error: unknown): SendError =>
  noAnswer(error, { platform: 'The Bot Framework', scope: 'conversation' })
