import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../../runtime/http.ts'
import type { ChannelContext } from '../channel.ts'
import { inTime } from '../in-time.ts'
import type { SavePublic } from '../public-post.ts'
import { isSameSecret } from '../same-secret.ts'
import type { MetaChannel } from './account.ts'
import { receive, webhookBody } from './receive.ts'
import { isSigned } from './signature.ts'

/** Bytes; WhatsApp's bodies have up to 3 MB (https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks). */
const BODY_LIMIT = 3 << 20

/** Milliseconds that the database gets before Meta is told to come again; it waits a few seconds, and comes again for 36 hours. */
const SAVE_LIMIT = 1_500

/** What the one webhook of an app needs. */
export interface MetaWebhook {
  appSecret: string
  verifyToken: string
  accounts: MetaChannel[]
  context: ChannelContext
  savePublic: SavePublic
  /** Milliseconds, for tests. */
  saveLimit?: number | undefined
}

const verification = z.object({
  'hub.mode': z.literal('subscribe'),
  'hub.verify_token': z.string(),
  'hub.challenge': z.string().max(512),
})

/**
 * Adds `GET` (Meta verifies that the address is ours) and `POST /webhooks/meta` (events): 401 unless signed, 200 only after the
 * commit, 503 when the database does not answer in time.
 */
export async function addWebhook(app: FastifyInstance, webhook: MetaWebhook): Promise<void> {
  app.get('/webhooks/meta', async (request, reply) => {
    const { data } = verification.safeParse(request.query)
    if (!data || !isSameSecret(data['hub.verify_token'], webhook.verifyToken)) {
      throw new HttpProblem(403, 'This is not the token that the webhook is verified with.')
    }
    return reply.type('text/plain').send(data['hub.challenge'])
  })
  // The bytes as they came are what is signed: in here, and only here, nobody parses them before.
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    )
    scope.post('/webhooks/meta', { bodyLimit: BODY_LIMIT, onRequest: refuseUnsigned }, async (request, reply) => {
      await inTime(
        receive(readSigned(request, webhook), webhook.accounts, webhook.context, webhook.savePublic),
        webhook.saveLimit ?? SAVE_LIMIT,
      )
      return reply.code(200).send()
    })
  })
}

const SIGNATURE = 'x-hub-signature-256'

/** The body of a stranger is not even received. */
async function refuseUnsigned(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.headers[SIGNATURE] !== undefined) return
  reply.header('connection', 'close')
  throw unsigned()
}

function readSigned(request: FastifyRequest, { appSecret }: MetaWebhook) {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (!isSigned(body, request.headers[SIGNATURE], appSecret)) throw unsigned()
  const { data, success } = webhookBody.safeParse(parsed(body))
  if (!success) throw new HttpProblem(400, 'The body is not what Meta sends.')
  return data
}

const unsigned = () => new HttpProblem(401, 'The body is not signed with the app’s secret.')

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new HttpProblem(400, 'The body is not JSON.')
  }
}
