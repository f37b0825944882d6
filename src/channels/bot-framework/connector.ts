import { z } from 'zod'
import { SendError } from '../send-error.ts'
import { classifyAnswer, withoutAnswer } from './connector-errors.ts'
import type { Reference } from './references.ts'
import type { TokenSource } from './token.ts'

/** The services behind the Bot Framework: one call, one answer. Every failure is a SendError. */
export interface Connector {
  /**
   * Posts an activity to a conversation; gives the id that the channel gave it, where it gives one.
   * @throws {SendError}
   */
  post(to: Reference, activity: object, signal: AbortSignal): Promise<string | undefined>
}

/** What a connector is made of. */
export interface ConnectorOptions {
  tokens: TokenSource
  now(): Date
  /** Told the outcome of each call: undefined when it went well. */
  outcome(error: SendError | undefined): void
}

const resource = z.object({ id: z.string().min(1).max(1024) })

/**
 * Calls `v3/conversations/…/activities` of the service that brought the conversation
 * (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#send-to-conversation).
 * The SDK's client would call up to four times, follow redirects with our token, and has no end that we could set.
 */
export function createConnector({ tokens, now, outcome }: ConnectorOptions): Connector {
  const call = async (to: Reference, activity: object, signal: AbortSignal): Promise<string | undefined> => {
    if (signal.aborted) throw new SendError('timeout', 'There was no time left to call', { retryable: true })
    const token = await tokens.get(signal)
    const response = await fetch(addressOf(to), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(activity),
      redirect: 'manual',
      signal,
    })
    const body = await response.text()
    if (response.ok) return resource.safeParse(readJson(body)).data?.id
    if (response.status === 401) tokens.forget()
    throw classifyAnswer(response.status, body, response.headers.get('retry-after'), now())
  }
  return {
    async post(to, activity, signal) {
      try {
        const id = await call(to, activity, signal)
        outcome(undefined)
        return id
      } catch (error) {
        const known = withoutAnswer(error)
        outcome(known)
        throw known
      }
    },
  }
}

function addressOf({ serviceUrl, conversation }: Reference): URL {
  const root = serviceUrl.endsWith('/') ? serviceUrl : `${serviceUrl}/`
  return new URL(`v3/conversations/${encodeURIComponent(conversation.id)}/activities`, root)
}

/** The message was taken: an answer without a name for it names none. */
function readJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
