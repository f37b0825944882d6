import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HttpProblem } from '../../runtime/http.ts'
import { inTime } from '../in-time.ts'
import { isSameSecret } from '../same-secret.ts'
import { updateIdOf } from './from-telegram.ts'
import { type Reading, receive } from './receive.ts'

/** Bytes; Telegram's largest updates are far smaller. */
const BODY_LIMIT = 1 << 20

/** Where Telegram delivers for an account; the one named `default` may leave its name out. */
export const webhookPath = (account: string): string =>
  account === 'default' ? '/webhooks/telegram' : `/webhooks/telegram/${encodeURIComponent(account)}`

/**
 * Adds the webhook's route: 401 without the secret, before the body is read; 200 only after the commit; 503 when the database
 * does not answer in time: Telegram honours the time to come again, and keeps an update for 24 hours. Any 2xx confirms the update
 * to Telegram (https://core.telegram.org/bots/api#setwebhook).
 */
export function addWebhook(app: FastifyInstance, reading: Reading, secret: string): void {
  const { account, timings } = reading
  const checkSecret = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!isSameSecret(request.headers['x-telegram-bot-api-secret-token'], secret)) {
      // The body of a stranger is not even received.
      reply.header('connection', 'close')
      throw new HttpProblem(401, 'This is not the secret that the webhook was set with.')
    }
  }
  const paths = new Set([webhookPath(account), `/webhooks/telegram/${encodeURIComponent(account)}`])
  for (const path of paths) {
    app.post(path, { bodyLimit: BODY_LIMIT, onRequest: checkSecret }, async (request, reply) => {
      if (updateIdOf(request.body) === undefined) throw new HttpProblem(400, 'The body is not an update.')
      await inTime(receive(reading, [request.body]), timings.save)
      reading.counted({ received: 1, missing: 0 })
      return reply.code(200).send()
    })
  }
}
