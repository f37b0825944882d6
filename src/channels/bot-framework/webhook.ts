import type { CloudAdapter } from 'botbuilder'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HttpProblem } from '../../runtime/http.ts'
import { inTime } from '../in-time.ts'
import { activitySchema, forSdk, type Incoming } from './activity.ts'
import type { Authenticate, Believed } from './authentication.ts'
import { refuseElsewhere, refuseStrangers } from './emulator.ts'

/** Bytes; channels send less than a quarter of it. */
const BODY_LIMIT = 1 << 20

/** Milliseconds that the database gets; the service waits 15 seconds for an answer. */
const SAVE_LIMIT = 1_500

/** What `POST /api/messages` needs. */
export interface BotWebhook {
  adapter: CloudAdapter
  authenticate: Authenticate
  /** Nobody has credentials: only this machine is heard. */
  emulator: boolean
  /** Stores what a believed activity says; rejects when the database is away. */
  receive(activity: Incoming, appId: string | undefined): Promise<void>
}

/**
 * Adds the one address of all bots: 401 or 403 unless the activity is believed, 200 only after the commit, 503 when the database or
 * the keys do not answer in time. What an `invoke` asks for is not offered: 501, as the protocol has it.
 */
export function addWebhook(app: FastifyInstance, webhook: BotWebhook): void {
  const atTheDoor = async (request: FastifyRequest, reply: FastifyReply) => {
    if (webhook.emulator) refuseStrangers(request)
    else if (request.headers.authorization === undefined) {
      // The body of a stranger is not even received.
      reply.header('connection', 'close')
      throw new HttpProblem(401, 'There is no token of the Bot Framework.')
    }
  }
  app.post('/api/messages', { bodyLimit: BODY_LIMIT, onRequest: atTheDoor }, async (request, reply) => {
    const activity = readActivity(request.body)
    const believed = await webhook.authenticate(activity, request.headers.authorization)
    if (webhook.emulator) refuseElsewhere(activity)
    if (await hasTurn(webhook.adapter, believed, activity))
      await inTime(webhook.receive(activity, believed.appId), SAVE_LIMIT)
    if (activity.type === 'invoke') return reply.code(501).send()
    // Who expects replies in the answer gets them by the conversation's service, as everybody does.
    return expectsReplies(request.body) ? { activities: [] } : reply.code(200).send()
  })
}

function readActivity(body: unknown): Incoming {
  const { data } = activitySchema.safeParse(body)
  if (!data) throw new HttpProblem(400, 'The body is not an activity.')
  return data
}

/**
 * Has the SDK's adapter take the turn: whether it was taken. Its context is revoked when the turn ends and an error in it loses its
 * type, so nothing is done inside. `process` is made for express, prints what it refuses, and says that a token is bad when the
 * keys are away.
 */
async function hasTurn(adapter: CloudAdapter, { result }: Believed, activity: Incoming): Promise<boolean> {
  let taken = false
  await adapter.processActivityDirect(result, forSdk(activity), async () => {
    taken = true
  })
  return taken
}

const expectsReplies = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'deliveryMode' in body && body.deliveryMode === 'expectReplies'
