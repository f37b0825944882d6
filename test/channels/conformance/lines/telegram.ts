import { splitMessage } from '../../../../src/channels/split-message.ts'
import { createHttpServer } from '../../../../src/runtime/http.ts'
import type { Misbehaviour, RecordedCall } from '../../../fakes/telegram-server.ts'
import { createBot, databaseAway } from '../../telegram/context.ts'
import type { FailureKind } from '../kinds.ts'
import { enough, type Line, type Manner, someFile } from '../line.ts'
import { FILE_KEY } from '../said.ts'

const SECRET = 'a-secret_of-Telegram'
const CHAT = 7

/** How the Bot API behaves in each failure. */
const WAYS: Partial<Record<FailureKind, Misbehaviour>> = {
  throttled: { status: 429, description: 'Too Many Requests: retry after 17', retryAfter: 17 },
  blocked: { status: 403, description: 'Forbidden: bot was blocked by the user' },
  refused: { status: 400, description: 'Bad Request: message is too long' },
  unauthorized: { status: 401, description: 'Unauthorized' },
  unavailable: { status: 502 },
  lost: 'drop',
  expired: { status: 400, description: 'Bad Request: wrong file_id or the file is temporarily unavailable' },
}

/** A bot behind its webhook, against a Bot API over HTTP. */
export async function openTelegram(): Promise<Line> {
  const bot = await createBot({ mode: 'webhook', webhookSecret: SECRET })
  const { channel, telegram, inbox } = bot
  const app = await createHttpServer({ log: bot.context.log, trustProxy: false })
  await channel.routes?.(app)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  telegram.openChat(CHAT)
  bot.files.set(FILE_KEY, Buffer.from('bytes'))
  const secrets: Record<Manner, Record<string, string>> = {
    signed: { 'x-telegram-bot-api-secret-token': SECRET },
    unsigned: {},
    forged: { 'x-telegram-bot-api-secret-token': `${SECRET}x` },
  }
  const post = async (body: string, manner: Manner) => {
    const headers = { 'content-type': 'application/json', ...secrets[manner] }
    const answer = await fetch(`${url}/webhooks/telegram`, { method: 'POST', body, headers }).catch(() => undefined)
    return answer?.status ?? 'closed'
  }
  const send = (text: string) => channel.send({ id: '1', to: String(CHAT), message: { text } }, enough())
  return {
    channel,
    stored: async () => [...inbox],
    receipts: () => [],
    forget: async () => bot.forget(),
    deliver: async (payload) => (await post(JSON.stringify(payload), 'signed')) === 200,
    post,
    database: (away) => bot.failAllSaves(away ? databaseAway() : undefined),
    async say(message, { byStaff }) {
      const before = telegram.sent(CHAT).length
      for (const part of splitMessage(message, channel.limits)) {
        await channel.send({ id: '1', to: String(CHAT), message: part, ...(byStaff && { byStaff }) }, enough())
      }
      return telegram.sent(CHAT).slice(before).map(onTheWire)
    },
    async fail(kind) {
      const way = WAYS[kind]
      if (way) telegram.misbehave('*', way)
      return kind === 'expired' ? channel.fetchMedia?.(someFile('AgACexpired'), enough()) : send('Hola')
    },
    async [Symbol.asyncDispose]() {
      await app.close()
      await bot[Symbol.asyncDispose]()
    },
  }
}

const onTheWire = ({ method, payload, files }: RecordedCall) => ({
  method,
  payload,
  ...(files.length > 0 && { files: files.map(({ field, fileName }) => `${field}: ${fileName}`) }),
})
