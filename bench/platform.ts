import { once } from 'node:events'
import { createServer } from 'node:http'

/** A Bot API that answers at once and notes when a chat was first written to after it was asked to. */
export interface FastPlatform {
  readonly url: string
  /** Calls of sendMessage so far. */
  readonly sent: number
  /** Resolves with the moment (performance.now) of the next message to this chat. */
  nextTo(chat: number): Promise<number>
  close(): Promise<void>
}

/** As bare as can be: what it costs is taken from the two cores that are measured. */
export async function startFastPlatform(): Promise<FastPlatform> {
  const waiting = new Map<number, (at: number) => void>()
  let sent = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      if (!request.url?.endsWith('/sendMessage'))
        return response.end(ANSWERS[methodOf(request.url)] ?? '{"ok":true,"result":true}')
      sent += 1
      const { chat_id: chat } = JSON.parse(Buffer.concat(chunks).toString())
      waiting.get(Number(chat))?.(performance.now())
      waiting.delete(Number(chat))
      response.end(
        `{"ok":true,"result":{"message_id":${sent},"date":0,"chat":{"id":${Number(chat)},"type":"private"}}}`,
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    get sent() {
      return sent
    },
    nextTo: (chat) => new Promise((resolve) => waiting.set(chat, resolve)),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const methodOf = (url = '') => url.slice(url.lastIndexOf('/') + 1)

const ANSWERS: Record<string, string> = {
  getMe: '{"ok":true,"result":{"id":4242,"is_bot":true,"first_name":"bench","username":"bench_bot"}}',
  getWebhookInfo: '{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}',
}
