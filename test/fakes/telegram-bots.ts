import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTelegramServer, type FakeTelegram } from './telegram-server.ts'

/** Several bots at one address, as they are at Telegram: the token in each call's path says whose it is. */
export interface FakeBots {
  /** For `TELEGRAM_API_ROOT`. */
  url: string
  bots: FakeTelegram[]
  close(): Promise<void>
}

/** One bot for each token; a call with another token is refused as Telegram does. */
export async function createTelegramBots(...tokens: string[]): Promise<FakeBots> {
  const bots = await Promise.all(tokens.map((token) => createTelegramServer({ token })))
  const server = createServer((incoming, outgoing) => {
    const { method, url = '/', headers } = incoming
    const bot = bots.find(({ token }) => url.startsWith(`/bot${token}/`) || url.startsWith(`/file/bot${token}/`))
    if (!bot) {
      const body = { ok: false, error_code: 401, description: 'Unauthorized' }
      return void outgoing.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const onward = request(`${bot.url}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    bots,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all(bots.map((bot) => bot.close()))
    },
  }
}
