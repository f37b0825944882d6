import { once } from 'node:events'
import { Agent, createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'

/** The header of an answer that names whom it came from. */
export const SERVED_BY = 'x-served-by'

/** Something that passes requests on. */
export interface Proxy {
  readonly url: string
  close(): Promise<void>
}

/** What a proxy does with a request. */
export interface ProxyOptions {
  /** Where the request goes; undefined when there is nobody. */
  choose(request: IncomingMessage): string | undefined
  /** When the other side gives no whole answer: say 502, as a load balancer does, or hang up too. */
  onFailure: 'bad gateway' | 'hang up'
}

/** Listens on 127.0.0.1 on any free port. */
export async function createProxy(options: ProxyOptions): Promise<Proxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  const server = createServer((request, response) => pass(options, agent, request, response))
  server.keepAliveTimeout = 60_000
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Port 1: nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1'

function pass(options: ProxyOptions, agent: Agent, request: IncomingMessage, response: ServerResponse): void {
  const target = options.choose(request) ?? NOWHERE
  const fail = () => {
    if (response.headersSent || options.onFailure === 'hang up') response.destroy()
    else response.writeHead(502).end()
  }
  const { method, headers } = request
  const onward = forward(new URL(request.url ?? '/', target), { method: method ?? 'GET', headers, agent })
  onward.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, [SERVED_BY]: target })
    answer.once('error', () => response.destroy())
    answer.pipe(response)
  })
  onward.once('error', fail)
  response.once('close', () => onward.destroy())
  request.pipe(onward)
}
