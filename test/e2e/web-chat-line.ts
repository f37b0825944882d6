import type { SentActivity } from '../../src/channels/web-chat/to-direct-line.ts'
import { until } from '../../src/runtime/until.ts'
import { type Heard, type Line, plain } from './citizen.ts'

/** What the server answers when it grants a conversation. */
interface Grant {
  conversationId: string
  token: string
  streamUrl: string
}

/** A citizen in the web chat, by Direct Line: posts over HTTP, hears by the WebSocket, and comes back when it breaks. */
export async function openWebChatLine(url: string): Promise<Line> {
  const domain = `${url}/v3/directline`
  const grant = await open(domain)
  const place = `${domain}/conversations/${grant.conversationId}`
  const ear = createEar(place, grant)
  const say = (activity: object) => {
    const body = JSON.stringify({ type: 'message', from: { id: 'vecina' }, ...activity })
    return call(`${place}/activities`, grant.token, { method: 'POST', body })
  }
  return {
    channel: 'chat de la página',
    write: (text) => say({ text }),
    press(label) {
      const found = ear.activities.flatMap(actionsOf).findLast(({ title }) => plain(title) === label)
      if (!found) throw new Error(`there is no button ${label}`)
      return say({ text: label, value: found.value })
    },
    photo(bytes) {
      const form = new FormData()
      const activity = JSON.stringify({ type: 'message', from: { id: 'vecina' } })
      form.append('activity', new Blob([activity], { type: 'application/vnd.microsoft.activity' }))
      form.append('file', new Blob([bytes], { type: 'image/jpeg' }), 'foto.jpg')
      return call(`${place}/upload?userId=vecina`, grant.token, { method: 'POST', body: form })
    },
    received: () => ear.activities.map(shown),
    close: async () => ear.close(),
  }
}

/** What the bot says, by the stream, from the first word on; also over a stop of the server. */
function createEar(place: string, { token, streamUrl }: Grant) {
  const activities: SentActivity[] = []
  const closing = new AbortController()
  let watermark = ''
  let socket = connect(streamUrl)

  function connect(address: string): WebSocket {
    const opened = new WebSocket(address)
    opened.addEventListener('message', ({ data }) => {
      if (data === '') return
      const set: { activities: SentActivity[]; watermark: string } = JSON.parse(data)
      activities.push(...set.activities.filter(({ from }) => from?.role === 'bot'))
      watermark = set.watermark
    })
    opened.addEventListener('close', () => {
      if (!closing.signal.aborted) void comeBack()
    })
    return opened
  }
  async function comeBack(): Promise<void> {
    const again = await until(reconnect, { every: 200, timeout: 60_000 })
    if (again && !closing.signal.aborted) socket = connect(again.streamUrl)
  }
  async function reconnect(): Promise<Grant | undefined> {
    try {
      return await call<Grant>(`${place}?watermark=${watermark}`, token)
    } catch {
      // The server is away; the next attempt follows.
      return undefined
    }
  }
  return {
    activities,
    close() {
      closing.abort()
      socket.close()
    },
  }
}

/** A token, then the conversation itself. */
async function open(domain: string): Promise<Grant> {
  const { token } = await call<Grant>(`${domain}/tokens/generate`, undefined, { method: 'POST' })
  return call<Grant>(`${domain}/conversations`, token, { method: 'POST' })
}

/** One call of Direct Line. @throws {Error} for every answer that is no success. */
async function call<Body>(address: string, token: string | undefined, init: RequestInit = {}): Promise<Body> {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(typeof init.body === 'string' && { 'content-type': 'application/json' }),
  }
  const response = await fetch(address, { ...init, headers })
  if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`)
  const body: Body = JSON.parse(await response.text())
  return body
}

const actionsOf = ({ suggestedActions }: SentActivity) => suggestedActions?.actions ?? []

function shown(activity: SentActivity): Heard {
  const links = (activity.attachments ?? []).flatMap(({ content }) => content?.buttons ?? [])
  return {
    text: activity.text ?? '',
    buttons: [
      ...actionsOf(activity).map(({ title }) => title),
      ...links.map(({ title, value }: { title: string; value: string }) => `${title} → ${value}`),
    ],
  }
}
