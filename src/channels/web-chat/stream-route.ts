import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { askedAfter, ticket } from './access.ts'
import { open } from './conversation-routes.ts'
import { refuse } from './direct-line-error.ts'
import { perMinute, type WebChatParts } from './options.ts'
import type { MarkDelivered } from './receipts.ts'
import { shownTo } from './show.ts'
import { createViewer } from './viewer.ts'
import type { Viewers } from './viewers.ts'

/** Clients send nothing but empty frames. */
const LARGEST_FRAME = 1024

/**
 * Makes WebSockets possible in this scope. Comes before anything that may refuse a request: whoever is refused after asking for
 * an upgrade has the connection closed by it.
 */
export async function addWebSockets(
  scope: FastifyInstance,
  { context }: WebChatParts,
  viewers: Viewers,
): Promise<void> {
  scope.addHook('preClose', async () => viewers.close())
  await scope.register(websocket, {
    options: { maxPayload: LARGEST_FRAME },
    errorHandler: (error, socket) => {
      context.log.debug({ err: error }, 'a web chat socket failed')
      socket.terminate()
    },
  })
}

/** The WebSocket of a conversation: whatever lies after its watermark, then whatever comes. Refused before the upgrade, with a status. */
export function addStreamRoute(
  scope: FastifyInstance,
  parts: WebChatParts,
  viewers: Viewers,
  markDelivered: MarkDelivered,
): void {
  const admit = async (request: FastifyRequest) => {
    const claims = ticket(request, parts.tokens, 'stream')
    askedAfter(request)
    if (viewers.from(request.ip) >= parts.limits.socketsPerAddress)
      throw refuse('TooManyRequests', 'Too many connections from this network address.', 30)
    await open(parts, claims.conv)
  }
  const options = { websocket: true, preValidation: admit, config: perMinute(parts.limits.readsPerMinute) } as const
  scope.get('/conversations/:id/stream', options, (socket, request) => {
    const claims = ticket(request, parts.tokens, 'stream')
    const view = { socket, shown: shownTo(request, claims, parts), seq: askedAfter(request) }
    const viewer = createViewer(view, parts.store, markDelivered, parts.context.log)
    socket.on('close', viewers.add(claims.conv, request.ip, viewer))
    viewer.wake()
  })
}
