import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { askedAfter, bearer, bearerOf } from './access.ts'
import { accept, refuse } from './direct-line-error.ts'
import { startOf } from './from-direct-line.ts'
import { perMinute, type WebChatParts } from './options.ts'
import { type Claims, TOKEN_SECONDS } from './tokens.ts'

const userId = z.string().min(1).max(200)

/** Direct Line asks that a user in a token begins so, and forbids the prefix elsewhere. */
const tokenBody = z
  .object({ user: z.object({ id: userId.startsWith('dl_', 'a user id begins with dl_') }).nullish() })
  .nullish()

const conversationBody = z
  .object({ user: z.object({ id: userId.nullish() }).nullish(), locale: z.string().max(35).nullish() })
  .nullish()

/**
 * Tokens and conversations. A token is good for one conversation, which begins to exist with its first message:
 * what nobody ever wrote in leaves no row.
 */
export function addConversationRoutes(scope: FastifyInstance, parts: WebChatParts, newId: () => string): void {
  const starts = { bodyLimit: 16_384, config: perMinute(parts.limits.startsPerMinute) }
  const reads = { config: perMinute(parts.limits.readsPerMinute) }

  scope.post('/tokens/generate', starts, async (request) => {
    const user = accept(tokenBody, request.body)?.user?.id
    const { origin } = request.headers
    return grant(parts, { conv: newId(), ...(origin !== undefined && { origin }), ...(user !== undefined && { user }) })
  })

  // A live token, or the resume token that came with it: a citizen comes back days later, and an expired token buys nothing.
  scope.post('/tokens/refresh', starts, async (request) => grant(parts, bearer(request, parts.tokens, 'api', 'resume')))

  scope.post('/conversations', starts, async (request, reply) => {
    const claims = bearer(request, parts.tokens, 'api')
    const body = accept(conversationBody, request.body)
    const { started } = await open(parts, claims.conv)
    if (!started && (claims.user ?? body?.user?.id))
      await parts.context.saveInbound([startOf(claims.conv, body?.locale ?? undefined, parts.context.now())])
    return reply.code(started ? 200 : 201).send(withStream(request, parts, claims, 0))
  })

  scope.get('/conversations/:id', reads, async (request) => {
    const claims = bearerOf(request, parts.tokens)
    const seq = askedAfter(request)
    await open(parts, claims.conv)
    return withStream(request, parts, claims, seq)
  })
}

/** @throws {HttpProblem} 404 for a conversation that is over. */
export async function open(parts: Pick<WebChatParts, 'store'>, conversationId: string): Promise<{ started: boolean }> {
  const { started, ended } = await parts.store.conversation(conversationId)
  if (ended) throw refuse('ConversationEnded', 'The conversation has ended.')
  return { started }
}

type Holder = Pick<Claims, 'conv' | 'origin' | 'user'>

/** What Direct Line calls a Conversation; `resumeToken` is ours: it buys a new token long after this one expired. */
function grant({ tokens }: WebChatParts, { conv, origin, user }: Holder) {
  const holder = { conv, ...(origin !== undefined && { origin }), ...(user !== undefined && { user }) }
  return {
    conversationId: conv,
    token: tokens.issue({ use: 'api', ...holder }),
    expires_in: TOKEN_SECONDS,
    resumeToken: tokens.issue({ use: 'resume', ...holder }),
  }
}

function withStream(request: FastifyRequest, parts: WebChatParts, holder: Holder, seq: number) {
  const { conv, origin } = holder
  const t = parts.tokens.issue({ use: 'stream', conv, ...(origin !== undefined && { origin }) })
  const base = parts.baseUrl(request).replace(/^http/, 'ws')
  return {
    ...grant(parts, holder),
    streamUrl: `${base}/v3/directline/conversations/${conv}/stream?watermark=${seq}&t=${t}`,
  }
}
