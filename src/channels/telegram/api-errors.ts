import { TelegramError } from 'telegraf'
import { z } from 'zod'
import { noAnswer } from '../no-answer.ts'
import { SendError, type SendErrorCode } from '../send-error.ts'

const details = z.object({ parameters: z.object({ retry_after: z.number().nonnegative() }).optional() })

/** 400s that say that this person cannot be written to; a 403 always does. */
const NO_SUCH_PERSON = /chat not found|user not found|private chat not found|PEER_ID_INVALID|user is deactivated/i

/** What the platform's answer means (https://core.telegram.org/bots/api#making-requests; texts: tdlib/telegram-bot-api). */
export function classifyAnswer(status: number, description: string, retryAfter?: number): SendError {
  const fail = (code: SendErrorCode, retryable: boolean, more: { outcomeUnknown?: boolean } = {}) =>
    new SendError(code, `Telegram answered ${status}: ${description}`, {
      retryable,
      ...more,
      providerCode: String(status),
      // What one citizen may cause is far below the limits; a 429 is the bot's, and a bad token concerns everyone.
      scope: code === 'throttled' || code === 'unauthorized' ? 'account' : 'conversation',
      ...(retryAfter !== undefined && { retryAfter }),
    })
  if (status === 429) return fail('throttled', true)
  if (status === 403) return fail('blocked', false)
  if (status === 400 && NO_SUCH_PERSON.test(description)) return fail('blocked', false)
  if (status === 400 && /temporarily unavailable/.test(description)) return fail('unavailable', true)
  // A token that is not one gets 404 for every method.
  if (status === 401 || status === 404) return fail('unauthorized', true)
  if (status === 409) return fail('not_connected', true)
  // A gateway that gave up waiting does not know what became of the request; any other refusal is one.
  if (status >= 500) return fail('unavailable', true, { outcomeUnknown: status === 504 })
  return fail('invalid', false)
}

/** Any failure of a call as the one error of channels; never with the token, and never with what we sent. */
export function toSendError(error: unknown, token: string): SendError {
  if (error instanceof TelegramError) {
    const { data } = details.safeParse(error.response)
    return classifyAnswer(error.code, error.description, data?.parameters?.retry_after)
  }
  return noAnswer(error, { platform: 'Telegram', reason: withoutToken(error, token) })
}

/** The address of a call holds the token, and errors of the network tell the address. */
function withoutToken(error: unknown, token: string): string {
  const text = error instanceof Error ? error.message : String(error)
  return token === '' ? text : text.replaceAll(token, '[token]')
}
