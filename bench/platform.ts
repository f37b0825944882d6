import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

/** As little of the Bot API as a bot needs that only speaks: what it takes from the machine is not ours to measure. */
export interface BenchPlatform {
  url: string
  /** Where the webhook was set to; undefined until then. */
  webhook(): { url: string; secret: string } | undefined
  close(): Promise<void>
}

/** Listens on any free port; `sent` hears of each message as it arrives, by its chat. */
export async function startBenchPlatform(sent: (chat: number) => void): Promise<BenchPlatform> {
  let webhook: { url: string; secret: string } | undefined
  let lastMessage = 0
  const answer = (method: string, payload: Record<string, unknown>): unknown => {
    if (method === 'sendMessage') {
      const chat = Number(payload.chat_id)
      sent(chat)
      return { message_id: ++lastMessage, date: 0, chat: { id: chat, type: 'private' } }
    }
    if (method === 'setWebhook') webhook = { url: String(payload.url), secret: String(payload.secret_token) }
    if (method === 'getWebhookInfo') return { url: webhook?.url ?? '', pending_update_count: 0 }
    return true
  }
  const server = createServer(async (request, response) => {
    const result = answer(request.url?.split('/').at(-1) ?? '', await bodyOf(request))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, result }))
  })
  server.keepAliveTimeout = 60_000
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the platform has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    webhook: () => webhook,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : {}
}
