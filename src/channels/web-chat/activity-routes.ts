import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { inTime } from '../in-time.ts'
import type { InboundMessage } from '../message.ts'
import { askedAfter, bearerOf } from './access.ts'
import { open } from './conversation-routes.ts'
import { refuse } from './direct-line-error.ts'
import { fromDirectLine } from './from-direct-line.ts'
import { perMinute, type WebChatParts } from './options.ts'
import type { MarkDelivered } from './receipts.ts'
import { activitySet, PAGE_SIZE, shownTo } from './show.ts'

/** Milliseconds in which a posted message is committed; after that its client is told to come again. */
const COMMIT_LIMIT = 1_500

/** Reading by polling, and posting. A posted activity is answered once it is committed. */
export function addActivityRoutes(scope: FastifyInstance, parts: WebChatParts, markDelivered: MarkDelivered): void {
  const reads = { config: perMinute(parts.limits.readsPerMinute) }
  const commit = async (conversationId: string, message: InboundMessage | undefined) => {
    await open(parts, conversationId)
    if (message) await parts.context.saveInbound([message])
  }
  const posts = { bodyLimit: 65_536, config: perMinute(parts.limits.postsPerMinute) }

  scope.get('/conversations/:id/activities', reads, async (request) => {
    const claims = bearerOf(request, parts.tokens)
    const seq = askedAfter(request)
    const page = await parts.store.messagesAfter(claims.conv, seq, PAGE_SIZE)
    await markDelivered(claims.conv, seq)
    if (page.ended && page.messages.length === 0) throw refuse('ConversationEnded', 'The conversation has ended.')
    return activitySet(page, seq, shownTo(request, claims, parts))
  })

  scope.post('/conversations/:id/activities', posts, async (request) => {
    const claims = bearerOf(request, parts.tokens)
    const { id, message } = fromDirectLine(request.body, {
      conversationId: claims.conv,
      userId: claims.user,
      fallbackName: randomUUID(),
      media: [],
      now: parts.context.now(),
    })
    await inTime(commit(claims.conv, message), COMMIT_LIMIT)
    return { id }
  })
}
