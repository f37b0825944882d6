import { z } from 'zod'
import { SendError, type SendErrorCode, type SendErrorDetail } from '../send-error.ts'

const graphError = z.object({
  code: z.number(),
  error_subcode: z.number().optional(),
  message: z.string().default(''),
  is_transient: z.boolean().optional(),
  error_data: z.object({ details: z.string().optional() }).optional().catch(undefined),
})

/** What the Graph API says went wrong. */
export type GraphError = z.output<typeof graphError>

type Meaning = [code: SendErrorCode, detail: SendErrorDetail]

const THROTTLED: Meaning = ['throttled', { retryable: true, scope: 'account' }]
const UNAUTHORIZED: Meaning = ['unauthorized', { retryable: true, scope: 'account' }]
const BLOCKED: Meaning = ['blocked', { retryable: false }]
const UNAVAILABLE: Meaning = ['unavailable', { retryable: true }]
const OUTSIDE: Meaning = ['outside_window', { retryable: false }]
const INVALID: Meaning = ['invalid', { retryable: false }]

/** Somebody else holds the conversation; ours again once it was taken back. */
export const OTHER_APP_HOLDS_THREAD = 2018300

/** Subcodes say more than codes. https://developers.facebook.com/docs/messenger-platform/error-codes */
const BY_SUBCODE: Record<number, Meaning> = {
  1545041: BLOCKED, // this person isn't available, or isn't receiving messages from us
  2018001: BLOCKED, // no matching user
  2018108: BLOCKED, // this person isn't receiving messages from you right now
  2018065: OUTSIDE,
  2018278: OUTSIDE,
  2534022: OUTSIDE, // Instagram
  [OTHER_APP_HOLDS_THREAD]: ['not_connected', { retryable: true }],
}

/**
 * https://developers.facebook.com/docs/graph-api/guides/error-handling and
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes. What is in no row is `invalid`.
 */
const BY_CODE: [codes: number[], meaning: Meaning][] = [
  [[1, 2, 1200, 131000, 131016, 131057, 133004], UNAVAILABLE],
  [[4, 17, 32, 341, 613, 80001, 80002, 80005, 80006, 80007, 80008, 130429, 131048, 133016], THROTTLED],
  [[131056], ['throttled', { retryable: true, retryAfter: 6, scope: 'conversation' }]],
  [[10, 131047], OUTSIDE],
  [[551, 131026, 131030], BLOCKED],
  [[3, 102, 190, 368, 131005, 131031, 131042, 131045, 133010], UNAUTHORIZED],
]

/** A 10 is about the window, unless it says that the app lacks a permission. */
const LACKS_PERMISSION = /permission|capability|app review/i

/** The error of an answer; undefined when the body has none. */
export function graphErrorIn(body: unknown): GraphError | undefined {
  return z.object({ error: graphError }).safeParse(body).data?.error
}

/** The same of a status that tells of a failed message, which has no wrapping. */
export const statusErrorIn = (body: unknown): GraphError | undefined => graphError.safeParse(body).data

/** What an answer of the Graph API means; never with what we sent. */
export function classifyGraphError(error: GraphError | undefined, status: number): SendError {
  if (!error) return classifyStatus(status)
  const [code, detail] = meaningOf(error)
  const providerCode = [error.code, error.error_subcode].filter((part) => part !== undefined).join('/')
  const text = [error.message, error.error_data?.details].filter(Boolean).join(': ')
  return new SendError(code, `Meta answered ${providerCode}: ${text}`, { ...detail, providerCode })
}

function meaningOf(error: GraphError): Meaning {
  const bySubcode = BY_SUBCODE[error.error_subcode ?? -1]
  if (bySubcode) return bySubcode
  if (error.code === 10 && LACKS_PERMISSION.test(error.message)) return UNAUTHORIZED
  const byCode = BY_CODE.find(([codes]) => codes.includes(error.code))?.[1]
  if (byCode) return byCode
  // https://developers.facebook.com/docs/graph-api/guides/error-handling: 200 to 299 are permissions.
  if (error.code >= 200 && error.code < 300) return UNAUTHORIZED
  return error.is_transient ? UNAVAILABLE : INVALID
}

/** An answer that is not the Graph API's own comes from something before it. */
function classifyStatus(status: number): SendError {
  const [code, detail] =
    status === 429 ? THROTTLED : status === 401 ? UNAUTHORIZED : status < 500 ? INVALID : UNAVAILABLE
  const outcomeUnknown = status === 504 || status < 400
  return new SendError(outcomeUnknown ? 'unavailable' : code, `Meta answered ${status} without an explanation`, {
    ...detail,
    ...(outcomeUnknown && { retryable: true, outcomeUnknown }),
    providerCode: String(status),
  })
}
