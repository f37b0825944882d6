import { randomBytes } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyError, FastifyInstance } from 'fastify'
import type { Listener } from '../../runtime/events.ts'
import type { AnyChannel, ChannelContext, ChannelLimits } from '../channel.ts'
import { SendError } from '../send-error.ts'
import { addActivityRoutes } from './activity-routes.ts'
import { addConversationRoutes } from './conversation-routes.ts'
import { answerError, refuse } from './direct-line-error.ts'
import { addFileRoute } from './file-route.ts'
import { outboundActivityId, WEB_CHAT } from './ids.ts'
import { DEFAULT_LIMITS, type WebChatOptions, type WebChatParts } from './options.ts'
import { addCors, originPolicy } from './origins.ts'
import { addPageRoutes } from './page-routes.ts'
import { createMarkDelivered } from './receipts.ts'
import type { WebChatStore } from './store.ts'
import { addStreamRoute, addWebSockets } from './stream-route.ts'
import { createTokens } from './tokens.ts'
import { addUploadRoute } from './upload-route.ts'
import { discardUploads, readUpload } from './uploads.ts'
import { createViewers, type Viewers } from './viewers.ts'

const LIMITS: ChannelLimits = {
  text: 8000,
  caption: 8000,
  options: { max: 20, title: 100 },
  rate: 0,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: true,
  readsRows: true,
}

/** 192 bits: who knows the id of a conversation still needs a token for it. */
const newConversationId = () => randomBytes(24).toString('base64url')

/**
 * The web chat: Direct Line 3.0 over our own rows, for Microsoft's clients and our widget. A message is its row; sending tells the
 * processes that hold the conversation's WebSockets to read on.
 */
export function createWebChat(
  options: WebChatOptions,
  context: ChannelContext,
  store: WebChatStore,
  newId: () => string = newConversationId,
): AnyChannel {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const viewers = createViewers(limits.socketsPerConversation, limits.pingEvery)
  const parts: WebChatParts = {
    context,
    store,
    limits,
    names: options.names,
    tokens: createTokens(options.secretKey, context.now),
    allowsOrigin: originPolicy(options.publicUrl, options.origins ?? []),
    baseUrl: (request) => options.publicUrl ?? `${request.protocol}://${request.host}`,
  }
  return {
    ...WEB_CHAT,
    name: WEB_CHAT.channel,
    limits: LIMITS,
    async routes(app) {
      listen(options, viewers)
      await app.register((scope) => addPageRoutes(scope, options.page, options.origins ?? []))
      await app.register((scope) => addDirectLine(scope, parts, viewers, newId), { prefix: '/v3/directline' })
    },
    async send({ id, to }) {
      try {
        await options.publish({ topic: 'web-chat', address: to })
      } catch (cause) {
        throw new SendError('unavailable', 'nobody could be told of the message', { retryable: true, cause })
      }
      return { providerId: outboundActivityId(to, id) }
    },
    async fetchMedia(media) {
      const bytes = await readUpload(context, media)
      const { mime, fileName } = media
      return { body: new Blob([bytes]).stream(), ...(mime && { mime }), ...(fileName && { fileName }) }
    },
    releaseMedia: (media) => discardUploads(context, [media]),
    health: () => ({ ok: true, detail: `${viewers.count()} conversations are watched` }),
  }
}

/** Direct Line's routes, with their own errors and rates. */
async function addDirectLine(
  scope: FastifyInstance,
  parts: WebChatParts,
  viewers: Viewers,
  newId: () => string,
): Promise<void> {
  const markDelivered = createMarkDelivered(parts.store)
  scope.setErrorHandler<FastifyError>((error, _request, reply) => answerError(error, parts.context.log, reply))
  scope.setNotFoundHandler(() => {
    throw refuse('NotFound', 'There is nothing at this address.')
  })
  await addWebSockets(scope, parts, viewers)
  scope.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  await scope.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      refuse('TooManyRequests', 'Too many requests; wait a little.', ttl / 1000),
  })
  allowEmptyJson(scope)
  addCors(scope, parts.allowsOrigin)
  addConversationRoutes(scope, parts, newId)
  addActivityRoutes(scope, parts, markDelivered)
  addFileRoute(scope, parts)
  addStreamRoute(scope, parts, viewers, markDelivered)
  await scope.register((uploads) => addUploadRoute(uploads, parts))
}

/** Clients name JSON also where they send no body. */
function allowEmptyJson(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error')
  scope.removeContentTypeParser('application/json')
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, String(body), done),
  )
}

/** Turns say that they are over, sends that there is something new; after a gap anything may be. */
function listen({ events }: WebChatOptions, viewers: Viewers): void {
  const wake: Listener = (event) => {
    if (!('address' in event)) viewers.wake()
    else if (event.topic === 'web-chat' || event.channel === WEB_CHAT.channel) viewers.wake(String(event.address))
  }
  events.on('turn', wake)
  events.on('web-chat', wake)
}
