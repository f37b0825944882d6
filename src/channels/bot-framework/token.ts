import { z } from 'zod'
import { SendError } from '../send-error.ts'

/** Gives what a call to a channel's service is authorised with. */
export interface TokenSource {
  /** @throws {SendError} `unauthorized` when the credentials are refused; nothing was sent to anybody then. */
  get(signal: AbortSignal): Promise<string>
  /** The service did not take it: the next call asks for a new one. */
  forget(): void
}

/** A bot as Azure knows it. */
export interface BotCredentials {
  appId: string
  /** Never logged. */
  password: string
  /** Of a bot of a single tenant. */
  tenant?: string | undefined
}

/** https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication#bot-to-connector */
const SCOPE = 'https://api.botframework.com/.default'
const SHARED_TENANT = 'botframework.com'

/** Seconds by which a token is renewed before it ends, and milliseconds for asking for one. */
const EARLY = 300
const CALL_LIMIT = 10_000

const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() })
const refused = z.object({ error: z.string() })

/** Tokens by the bot's own credentials (OAuth 2.0 client credentials), kept until shortly before they end. */
export function createTokens(bot: BotCredentials, { loginUrl, now }: { loginUrl: string; now(): Date }): TokenSource {
  let held: { token: string; until: number } | undefined
  return {
    async get(signal) {
      if (held && held.until > now().getTime()) return held.token
      const { access_token: token, expires_in: seconds } = await ask(bot, loginUrl, signal)
      held = { token, until: now().getTime() + Math.max(seconds - EARLY, seconds / 2) * 1000 }
      return token
    },
    forget() {
      held = undefined
    },
  }
}

async function ask({ appId, password, tenant = SHARED_TENANT }: BotCredentials, loginUrl: string, signal: AbortSignal) {
  const form = { grant_type: 'client_credentials', client_id: appId, client_secret: password, scope: SCOPE }
  const response = await fetch(`${loginUrl}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT)]),
  }).catch((cause: unknown) => {
    throw failed('The login service cannot be reached', 'unavailable', cause)
  })
  const body: unknown = await response.json().catch(() => undefined)
  const token = response.ok ? granted.safeParse(body).data : undefined
  if (token) return token
  const reason = refused.safeParse(body).data?.error ?? String(response.status)
  if (response.status === 429 || response.status >= 500 || response.ok)
    throw failed(`The login service answered ${response.status}`, 'unavailable', undefined, reason)
  throw failed(`The login service refuses the bot: ${reason}`, 'unauthorized', undefined, reason)
}

/** Whatever happens here, no message has left. */
const failed = (message: string, code: 'unavailable' | 'unauthorized', cause: unknown, providerCode?: string) =>
  new SendError(code, message, { retryable: true, scope: 'account', cause, ...(providerCode && { providerCode }) })

/** The Emulator wants none. */
export const NO_TOKEN: TokenSource = { get: async () => '', forget: () => undefined }
