import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call of the Graph API as it came. */
export interface GraphCall {
  /** Milliseconds since 1970, on arrival. */
  at: number
  /** Whose account it is for. */
  token: string
  method: string
  /** Without the version. */
  path: string
  query: Record<string, string>
  /** JSON as it is; of a form its fields, of a file its name and type. */
  body: unknown
}

/** What the Graph API answers to one call: an answer, or `drop` (it takes effect, then the connection breaks without an answer). */
export type GraphAnswer = { status: number; body: unknown } | 'drop'

/** A Graph API over real HTTP that takes what it is sent. */
export interface FakeGraph {
  /** For `META_GRAPH_URL`. */
  url: string
  calls: GraphCall[]
  /** The next calls are answered so, whatever they are. */
  answer(...answers: GraphAnswer[]): void
  /** From now on a GET of this path is answered so. */
  serve(path: string, body: unknown, status?: number): void
  /** The address of a file of a citizen's; who has the address needs no token, as at Meta's content network. */
  keepFile(bytes: Uint8Array, mime: string): string
  close(): Promise<void>
}

/** An error as the Graph API tells it. */
export const graphError = (code: number, more: object = {}) => ({
  error: { message: `(#${code}) Something`, type: 'OAuthException', code, fbtrace_id: 'Avs8o4VvHNJ', ...more },
})

/** Listens on a free port of 127.0.0.1; knows only who brings a token. */
export async function createGraphServer(): Promise<FakeGraph> {
  const calls: GraphCall[] = []
  const answers: GraphAnswer[] = []
  const served = new Map<string, { status: number; body: unknown }>()
  const files = new Map<string, { bytes: Uint8Array; mime: string }>()
  let sent = 0
  const usual = ({ method, path }: GraphCall): { status: number; body: unknown } => {
    if (method === 'GET') return served.get(path) ?? { status: 404, body: graphError(803) }
    const id = `sent-${++sent}`
    // Each kind of POST reads its own of these.
    return { status: 200, body: { message_id: id, messages: [{ id }], attachment_id: '77', id: '77', success: true } }
  }
  const server = createServer(async (request, response) => {
    const file = files.get(request.url ?? '')
    if (file) return void response.writeHead(200, { 'content-type': file.mime }).end(file.bytes)
    const call = await readCall(request)
    const known = /^Bearer \S+$/.test(request.headers.authorization ?? '')
    if (!known) return reply(response, { status: 401, body: graphError(190) })
    calls.push(call)
    const answer = answers.shift() ?? usual(call)
    if (answer === 'drop') request.socket.destroy()
    else reply(response, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    calls,
    answer: (...next) => void answers.push(...next),
    serve: (path, body, status = 200) => void served.set(path, { status, body }),
    keepFile(bytes, mime) {
      const path = `/files/${files.size + 1}`
      files.set(path, { bytes, mime })
      return url + path
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function reply(response: ServerResponse, { status, body }: { status: number; body: unknown }): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function readCall(request: IncomingMessage): Promise<GraphCall> {
  const at = Date.now()
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const url = new URL(request.url ?? '/', 'http://graph')
  return {
    at,
    token: request.headers.authorization?.replace('Bearer ', '') ?? '',
    method: request.method ?? 'GET',
    path: url.pathname.replace(/^\/v[\d.]+\//, ''),
    query: Object.fromEntries(url.searchParams),
    body: await bodyOf(Buffer.concat(chunks), request.headers['content-type'] ?? ''),
  }
}

async function bodyOf(bytes: Buffer, type: string): Promise<unknown> {
  if (bytes.length === 0) return undefined
  if (!type.startsWith('multipart/')) return JSON.parse(bytes.toString('utf8'))
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, typeof value === 'string' ? value : `${value.name} ${value.type}`]),
  )
}
