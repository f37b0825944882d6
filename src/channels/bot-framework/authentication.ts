import { ConfigurationBotFrameworkAuthentication } from 'botbuilder'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import { quietConsole } from '../quiet-console.ts'
import { forSdk, type Incoming } from './activity.ts'
import { isLoopback } from './emulator.ts'

/** The one issuer of tokens for activities of Azure Bot Service. */
const ISSUER = 'https://api.botframework.com'

/** Milliseconds in which the keys have to be there; they are kept for a day. */
const KEYS_LIMIT = 5_000

/** Seconds after which a service may come again. */
const COME_AGAIN = 5

/** An activity that is believed, for the SDK's adapter, and the id of the bot that it is for; of the Emulator there is none. */
export interface Believed {
  appId: string | undefined
  result: Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['authenticateRequest']>>
}

/** Who may be believed. */
export interface AuthenticationOptions {
  /** Ids of the bots that are ours; none for the Emulator, which has no credentials. */
  appIds: string[]
  openIdUrl: string
  loginUrl: string
  /** Told whether the keys could be read. */
  keys(there: boolean): void
}

/** @throws {HttpProblem} 401 or 403 when it is not believed, 503 when the keys to tell cannot be read. */
export type Authenticate = (activity: Incoming, header: string | undefined) => Promise<Believed>

/** Checks tokens with the SDK and the keys of `openIdUrl`. */
export function createAuthentication(options: AuthenticationOptions): {
  authenticate: Authenticate
  authentication: ConfigurationBotFrameworkAuthentication
} {
  quietConsole('botbuilder', isOfBadToken)
  const authentication = createSdkAuthentication(options)
  const believe = async (activity: Incoming, header: string) => {
    try {
      const result = await withinLimit(authentication.authenticateRequest(forSdk(activity), header))
      options.keys(true)
      return result
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal.status === 503) options.keys(false)
      throw refusal
    }
  }
  return {
    authentication,
    async authenticate(activity, header) {
      if (options.appIds.length === 0) return { appId: undefined, result: await believe(activity, '') }
      // The SDK would also take tokens of the Emulator and of other bots, which do not say where to answer; and it would remember
      // for ever every tenant that an unsigned one names.
      if (header === undefined || issuerIn(header) !== ISSUER) throw refused('There is no token of the Bot Framework.')
      if (activity.channelId === 'AseChannel') throw new HttpProblem(403, 'This channel is not served.')
      const result = await believe(activity, header)
      const { claimsIdentity } = result
      if (claimsIdentity.getClaimValue('serviceurl') !== activity.serviceUrl)
        throw new HttpProblem(403, 'The token is for another service.')
      if (!isSafe(activity.serviceUrl)) throw new HttpProblem(403, 'Our token does not go over an open line.')
      return { appId: claimsIdentity.getClaimValue('aud') ?? undefined, result }
    },
  }
}

/** The SDK prints several lines for each token that does not hold: any stranger could fill the log. */
function isOfBadToken(first: unknown): boolean {
  if (typeof first === 'string') return first.startsWith('Error finding key for token')
  return first instanceof Error && BAD_TOKENS.has(first.name)
}

function createSdkAuthentication({ appIds, openIdUrl, loginUrl }: AuthenticationOptions) {
  const configuration = {
    ValidateAuthority: true,
    ToChannelFromBotLoginUrl: loginUrl,
    ToChannelFromBotOAuthScope: ISSUER,
    ToBotFromChannelTokenIssuer: ISSUER,
    OAuthUrl: ISSUER,
    ToBotFromChannelOpenIdMetadataUrl: openIdUrl,
    // What the Emulator is signed with is not believed here.
    ToBotFromEmulatorOpenIdMetadataUrl: openIdUrl,
  }
  return new ConfigurationBotFrameworkAuthentication(configuration, {
    isValidAppId: async (appId) => appIds.includes(appId),
    isAuthenticationDisabled: async () => appIds.length === 0,
    // For clients of the SDK's own, which make no calls: see connector.ts.
    createCredentials: async () => ({ signRequest: async (request) => request }),
  })
}

function isSafe(serviceUrl: string): boolean {
  const { protocol, hostname } = new URL(serviceUrl)
  return protocol === 'https:' || isLoopback(hostname)
}

const payload = z.object({ iss: z.string() })

/** What an unchecked token says of its issuer. */
function issuerIn(header: string): string | undefined {
  const [, part = ''] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/.exec(header) ?? []
  try {
    return payload.safeParse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))).data?.iss
  } catch {
    // No token at all.
    return undefined
  }
}

async function withinLimit<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('the keys did not come in time')), KEYS_LIMIT)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const withStatus = z.object({ statusCode: z.number() })

/** What the verification of a token says by its name: https://github.com/auth0/node-jsonwebtoken#errors--codes */
const BAD_TOKENS = new Set(['JsonWebTokenError', 'TokenExpiredError', 'NotBeforeError', 'SyntaxError'])

/** A bad token is the sender's; anything else is that the keys were not to be had, and may pass. */
function refusalOf(error: unknown): HttpProblem {
  const status = withStatus.safeParse(error).data?.statusCode ?? 0
  const bad = error instanceof Error && BAD_TOKENS.has(error.name)
  if (bad || status === 401 || status === 403) return refused('The token does not hold.')
  return new HttpProblem(503, 'The keys to check the token with cannot be read.', { retryAfter: COME_AGAIN })
}

const refused = (why: string) => new HttpProblem(401, why)
