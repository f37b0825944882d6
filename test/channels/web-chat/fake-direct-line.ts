import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Eta } from 'eta'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Activity } from '../../../src/channels/web-chat/public/widget/types.d.ts'
import { composeScript } from '../../../src/channels/web-chat/widget-script.ts'

const PUBLIC = new URL('../../../src/channels/web-chat/public/', import.meta.url).pathname

/** What a test makes of a request: a status instead of an answer, an answer that is lost on the way, a line that breaks at once. */
export type Mishap = number | 'lost' | 'broken'

/** A request of the widget as the fake saw it. */
export interface Seen {
  method: string
  path: string
  token: string | undefined
}

interface Conversation {
  activities: Activity[]
  sockets: Set<WebSocket>
  ended: boolean
}

const posted = z.looseObject({
  type: z.string(),
  from: z.looseObject({}),
  channelData: z.looseObject({ clientActivityID: z.string() }),
})

/** Direct Line 3.0 over real HTTP and WebSockets, with a bot of the test and faults at will. */
export async function fakeDirectLine() {
  const conversations = new Map<string, Conversation>()
  const seen: Seen[] = []
  const control = {
    /** What the bot says to an activity. */
    bot: (_activity: Activity): Partial<Activity>[] => [],
    /** What it says first. */
    greeting: [] as Partial<Activity>[],
    mishap: (_request: Seen): Mishap | undefined => undefined,
    /** Sockets stay open and say nothing. */
    deaf: false,
    refuseSockets: false,
    /** Seconds a token is good for, as it is told to the client. */
    expiresIn: 1800,
    /** Content-Security-Policy of the pages. */
    csp: '',
  }
  let ids = 0

  const add = (id: string, activity: Partial<Activity>) => {
    const conversation = conversations.get(id)
    if (!conversation) throw new Error(`there is no conversation ${id}`)
    const full = {
      type: 'message',
      from: { id: 'bot', name: 'Canaliza', role: 'bot' },
      timestamp: new Date().toISOString(),
      id: `${id}|${String(++ids).padStart(7, '0')}`,
      ...activity,
    }
    conversation.activities.push(full)
    const set = JSON.stringify({ activities: [full], watermark: String(conversation.activities.length) })
    if (!control.deaf) for (const socket of conversation.sockets) socket.send(set)
    return full
  }

  const create = (request: Seen) => {
    const id = /^token-(\w+)/.exec(request.token ?? '')?.[1] ?? ''
    if (!conversations.has(id)) {
      conversations.set(id, { activities: [], sockets: new Set(), ended: false })
      for (const activity of control.greeting) add(id, activity)
    }
    return grant(id, 0)
  }

  const grant = (id: string, watermark: number) => ({
    conversationId: id,
    token: `token-${id}-${++ids}`,
    resumeToken: `token-${id}-resume`,
    expires_in: control.expiresIn,
    streamUrl: `${base.replace('http', 'ws')}/v3/directline/conversations/${id}/stream?watermark=${watermark}`,
  })

  /** Stores what was posted once, and lets the bot answer. */
  const take = (id: string, body: unknown, attachments: Activity['attachments']) => {
    const { activities } = conversations.get(id) ?? { activities: [] }
    const activity: Activity = { ...posted.parse(body), ...(attachments?.length && { attachments }) }
    const name = `${id}|u.${activity.channelData?.clientActivityID}`
    if (!activities.some((known) => known.id === name)) {
      const from = { ...activity.from, role: 'user' }
      add(id, { ...activity, from, id: name })
      for (const reply of control.bot(activity)) add(id, reply)
    }
    return { id: name }
  }

  const directLine = (request: Seen, url: URL, body: () => unknown, form: () => Uploaded): unknown => {
    if (request.path === 'tokens/generate')
      return { token: `token-c${++ids}`, conversationId: `c${ids}`, expires_in: 1800 }
    if (request.path === 'conversations') return create(request)
    const id = /^token-(\w+)/.exec(request.token ?? '')?.[1] ?? ''
    if (request.path === 'tokens/refresh') return grant(id, 0)
    const conversation = conversations.get(id)
    if (!conversation || conversation.ended) return 404
    const watermark = Number(url.searchParams.get('watermark') ?? 0)
    if (request.path.endsWith('/upload')) return take(id, form().activity, form().attachments)
    if (request.path.endsWith('/activities'))
      return request.method === 'POST'
        ? take(id, body(), undefined)
        : { activities: conversation.activities.slice(watermark), watermark: String(conversation.activities.length) }
    return grant(id, watermark)
  }

  const pages = new Eta({ views: PUBLIC, autoEscape: true })
  const page = (url: URL, response: ServerResponse) => {
    if (control.csp) response.setHeader('content-security-policy', control.csp.replaceAll('SELF', base))
    if (url.pathname === '/widget.js') return send(response, 'text/javascript', composeScript(`${PUBLIC}widget.js`))
    if (url.pathname === '/site') return send(response, 'text/html', site(base, url.searchParams.get('data') ?? ''))
    if (url.pathname.startsWith('/widget/'))
      return send(response, TYPES[url.pathname.split('.')[1] ?? ''] ?? '', read(url.pathname))
    if (url.pathname === '/') return send(response, 'text/html', pages.render('./chat', PAGE))
    response.writeHead(404).end()
  }

  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const url = new URL(incoming.url ?? '', base)
    const path = url.pathname.split('/v3/directline/')[1]
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization, content-type')
    response.setHeader('access-control-expose-headers', 'retry-after')
    if (path === undefined) return page(url, response)
    if (incoming.method === 'OPTIONS') return response.writeHead(204).end()
    const request = { method: incoming.method ?? '', path, token: incoming.headers.authorization?.split(' ')[1] }
    seen.push(request)
    const bytes = await bodyOf(incoming)
    const mishap = control.mishap(request)
    if (mishap === 'broken') return incoming.socket.destroy()
    if (typeof mishap === 'number') return response.writeHead(mishap).end('{}')
    const form = () => parseUpload(bytes)
    const result = directLine(request, url, () => JSON.parse(bytes.toString()), form)
    if (mishap === 'lost') return incoming.socket.destroy()
    if (typeof result === 'number') return response.writeHead(result).end('{}')
    send(response, 'application/json', JSON.stringify(result))
  }

  const server = createServer((request, response) => void answer(request, response))
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket: Socket, head) => {
    const url = new URL(request.url ?? '', base)
    const conversation = conversations.get(url.pathname.split('/').at(-2) ?? '')
    if (control.refuseSockets || !conversation) return socket.destroy()
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      conversation.sockets.add(webSocket)
      webSocket.on('close', () => conversation.sockets.delete(webSocket))
      const activities = conversation.activities.slice(Number(url.searchParams.get('watermark')))
      if (activities.length > 0 && !control.deaf)
        webSocket.send(JSON.stringify({ activities, watermark: String(conversation.activities.length) }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const base = `http://127.0.0.1:${port}`
}
