import type { PublicOutcome, PublicRefusal } from '../public-post.ts'
import { SendError } from '../send-error.ts'

/**
 * What Meta says of an act that it will never do. https://developers.facebook.com/docs/graph-api/reference/page/messages#errors
 * (109xx) and https://developers.facebook.com/docs/graph-api/guides/error-handling (100 with subcode 33: no such object).
 */
const REFUSALS: Record<string, PublicRefusal> = {
  '100/33': 'gone',
  '10900': 'already',
  '10901': 'too_late',
  '10902': 'not_allowed',
  '10903': 'not_allowed',
}

/** The outcome of one call; what is not final is thrown on. @throws {SendError} */
export async function outcomeOf<T>(call: Promise<T>): Promise<PublicOutcome<T>> {
  try {
    return { done: await call }
  } catch (error) {
    const refused = error instanceof SendError ? refusalOf(error) : undefined
    if (!refused) throw error
    return refused
  }
}

function refusalOf({
  code,
  providerCode = '',
}: SendError): { refused: PublicRefusal; providerCode: string } | undefined {
  const whole = REFUSALS[providerCode] ?? REFUSALS[providerCode.split('/')[0] ?? '']
  const refused = whole ?? (code === 'outside_window' ? 'too_late' : undefined)
  return refused && { refused, providerCode }
}
