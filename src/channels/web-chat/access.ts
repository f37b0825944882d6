import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { accept, refuse } from './direct-line-error.ts'
import type { Claims, Tokens } from './tokens.ts'

/** A watermark as we give it: the `seq` of the last message seen; empty or absent is the beginning. */
const watermark = z
  .string()
  .regex(/^\d{0,15}$/, 'not a watermark of ours')
  .optional()
  .transform(Number)
  .transform((seq) => seq || 0)

const conversationPath = z.object({ id: z.string() })
const query = z.object({ t: z.string().optional(), watermark })

/** What the bearer of the request's token may do, if the token is for one of these uses. @throws {HttpProblem} 401 without one, 403 for one that is not good here. */
export function bearer(request: FastifyRequest, tokens: Tokens, ...uses: Claims['use'][]): Claims {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!token) throw refuse('MissingToken', 'Send the header Authorization: Bearer, with a token of tokens/generate.')
  return checked(request, tokens.verify(token, uses))
}

/** As `bearer`, for the conversation that the path names. */
export function bearerOf(request: FastifyRequest, tokens: Tokens): Claims {
  const claims = bearer(request, tokens, 'api')
  if (accept(conversationPath, request.params).id !== claims.conv)
    throw refuse('InvalidToken', 'The token is good for another conversation.')
  return claims
}

/** The `seq` after which the request asks. */
export const askedAfter = (request: FastifyRequest): number => accept(query, request.query).watermark

/** For addresses that carry their token in the query, because nobody can add a header to them. */
export function ticket(request: FastifyRequest, tokens: Tokens, use: Claims['use']): Claims {
  const { t } = accept(query, request.query)
  if (!t) throw refuse('MissingToken', 'The address lacks its token.')
  return checked(request, tokens.verify(t, [use]))
}

/** A token that one site's page was given is no good in another's; requests that no page makes have no origin. */
function checked(request: FastifyRequest, claims: Claims): Claims {
  const { origin } = request.headers
  if (origin !== undefined && claims.origin !== undefined && origin !== claims.origin)
    throw refuse('OriginNotAllowed', 'The token was given to a page of another origin.')
  return claims
}
