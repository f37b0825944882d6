import { once } from 'node:events'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import type { ActivitySet } from '../../../src/channels/web-chat/show.ts'
import { connected, createTestDatabase, type TestDatabase } from '../../database.ts'
import { type RunningChat, type RunningOptions, runWebChat } from './running-chat.ts'
import { call, type Grant, post, read, said, start, until } from './talk.ts'

const bot: RunningOptions['bot'] = ({ text }) => [{ text: `Oí: ${text}` }]

let database: TestDatabase
let chat: RunningChat

beforeAll(async () => {
  database = await createTestDatabase()
  chat = await runWebChat(database, { bot })
})
afterAll(async () => {
  await chat.close()
  await database.drop()
})

/** A socket that keeps the texts and frames it hears. */
async function watch(url: string, options: ClientOptions = {}) {
  const socket = new WebSocket(url, options)
  onTestFinished(() => socket.terminate())
  const frames: string[] = []
  socket.on('message', (data) => frames.push(String(data)))
  await once(socket, 'open')
  const sets = (): ActivitySet[] => frames.filter((frame) => frame !== '').map((frame) => JSON.parse(frame))
  const texts = () => sets().flatMap((set) => set.activities.map((activity) => activity.text ?? activity.type))
  return { socket, frames, sets, texts, watermark: () => sets().at(-1)?.watermark }
}

/** The status with which an upgrade is refused. */
async function refusal(url: string, options: ClientOptions = {}): Promise<number | undefined> {
  const socket = new WebSocket(url, options)
  socket.on('error', () => undefined)
  const [, response] = await once(socket, 'unexpected-response')
  socket.terminate()
  return response.statusCode
}

const streamAfter = async (grant: Grant, watermark: string) =>
  (
    await call<Grant>(`${chat.domain}/conversations/${grant.conversationId}?watermark=${watermark}`, {
      token: grant.token,
    })
  ).body.streamUrl

test('a socket hears what was said before it opened, and then what is said', async () => {
  const grant = await start(chat.domain)
  await post(chat.domain, grant, said('uno'))
  const { texts } = await watch(grant.streamUrl)
  await until(() => texts().length === 2)
  await post(chat.domain, grant, said('dos'))
  await until(() => texts().length === 4)
  expect(texts()).toEqual(['uno', 'Oí: uno', 'dos', 'Oí: dos'])
})

test('all sockets of a conversation hear everything, and no other conversation does', async () => {
  const [grant, other] = [await start(chat.domain), await start(chat.domain)]
  const viewers = await Promise.all([watch(grant.streamUrl), watch(grant.streamUrl), watch(grant.streamUrl)])
  const stranger = await watch(other.streamUrl)
  await post(chat.domain, grant, said('hola'))
  await until(() => viewers.every(({ texts }) => texts().length === 2))
  await post(chat.domain, other, said('otra'))
  await until(() => stranger.texts().length === 2)
  expect(stranger.texts()).toEqual(['otra', 'Oí: otra'])
})

test('a socket held by another process hears it too', async () => {
  const another = await runWebChat(database, { bot })
  onTestFinished(another.close)
  const grant = await start(chat.domain)
  const { texts } = await watch(
    grant.streamUrl.replace(chat.base.replace('http', 'ws'), another.base.replace('http', 'ws')),
  )
  await post(chat.domain, grant, said('hola'))
  await until(() => texts().length === 2)
  const id = await another.say(grant.conversationId, { text: 'Su folio tiene una novedad' })
  await chat.channel.send({ id: String(id), to: grant.conversationId, message: {} }, AbortSignal.timeout(5000))
  await until(() => texts().length === 3)
  expect(texts().at(-1)).toBe('Su folio tiene una novedad')
})

test('a socket that opens again goes on after its watermark: nothing twice, nothing missing', async () => {
  const grant = await start(chat.domain)
  const first = await watch(grant.streamUrl)
  await post(chat.domain, grant, said('uno'))
  await until(() => first.texts().length === 2)
  const watermark = first.watermark() ?? ''
  first.socket.terminate()
  await post(chat.domain, grant, said('dos'))
  const second = await watch(await streamAfter(grant, watermark))
  await until(() => second.texts().length === 2)
  expect(second.texts()).toEqual(['dos', 'Oí: dos'])
})

test('a socket outlives the connections of the database', async () => {
  const grant = await start(chat.domain)
  const { texts } = await watch(grant.streamUrl)
  await post(chat.domain, grant, said('uno'))
  await until(() => texts().length === 2)
  await connected(database.url, (client) =>
    client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    ),
  )
  await until(async () => (await post(chat.domain, grant, said('dos', 'same'))).status === 200)
  await until(() => texts().length === 4)
  expect(texts()).toEqual(['uno', 'Oí: uno', 'dos', 'Oí: dos'])
})

test('a watermark that lies beyond the conversation gives all of it', async () => {
  const grant = await start(chat.domain)
  await post(chat.domain, grant, said('uno'))
  const { texts } = await watch(await streamAfter(grant, '999'))
  await until(() => texts().length === 2)
})

test('long conversations come in pages, in order', async () => {
  const grant = await start(chat.domain)
  await post(chat.domain, grant, said('uno'))
  await until(async () => (await read(chat.domain, grant)).activities.length === 2)
  for (let n = 1; n <= 230; n++) await chat.say(grant.conversationId, { text: String(n) })
  const { sets, texts } = await watch(grant.streamUrl)
  await until(() => texts().length === 232)
  expect(sets().length).toBeGreaterThan(2)
  expect(texts().slice(2)).toEqual(Array.from({ length: 230 }, (_, index) => String(index + 1)))
})

test('a message is delivered when the client answered for it, by its socket or its next poll', async () => {
  const statuses = (address: string) =>
    chat.rows<{ status: string }>(
      `select m.status from message m join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
        where a.external_id = $1 and m.direction = 'out' order by seq`,
      [address],
    )
  const byPoll = await start(chat.domain)
  await post(chat.domain, byPoll, said('uno'))
  const path = `${chat.domain}/conversations/${byPoll.conversationId}/activities?watermark=`
  await until(async () => (await call<ActivitySet>(path, { token: byPoll.token })).body.watermark === '2')
  expect(await statuses(byPoll.conversationId)).toEqual([{ status: 'pending' }])
  await call(`${path}2`, { token: byPoll.token })
  expect(await statuses(byPoll.conversationId)).toEqual([{ status: 'delivered' }])

  const bySocket = await start(chat.domain)
  await watch(bySocket.streamUrl)
  await post(chat.domain, bySocket, said('uno'))
  await until(async () => (await statuses(bySocket.conversationId))[0]?.status === 'delivered')
})

test('frames of the client are ignored, and too large ones end the line', async () => {
  const grant = await start(chat.domain)
  const { socket, texts } = await watch(grant.streamUrl)
  socket.send('')
  socket.send('{"type":"message","text":"no por aquí"}')
  await post(chat.domain, grant, said('hola'))
  await until(() => texts().length === 2)
  expect(texts()).toEqual(['hola', 'Oí: hola'])
  socket.send('a'.repeat(2000))
  const [code] = await once(socket, 'close')
  expect(code).toBe(1009)
})

test('a line shows that it lives, and is cut when its client does not', async () => {
  const lively = await runWebChat(database, { limits: { pingEvery: 50 } })
  onTestFinished(lively.close)
  const alive = await watch((await start(lively.domain)).streamUrl)
  const dead = await watch((await start(lively.domain)).streamUrl, { autoPong: false })
  await once(dead.socket, 'close')
  expect(alive.frames.length).toBeGreaterThan(0)
  expect(new Set(alive.frames)).toEqual(new Set(['']))
  expect(alive.socket.readyState).toBe(WebSocket.OPEN)
})

test('a conversation keeps its newest sockets, a network address only so many', async () => {
  const small = await runWebChat(database, { limits: { socketsPerConversation: 2, socketsPerAddress: 3 } })
  onTestFinished(small.close)
  const [grant, other, third] = [await start(small.domain), await start(small.domain), await start(small.domain)]
  const oldest = await watch(grant.streamUrl)
  await watch(grant.streamUrl)
  const closing = once(oldest.socket, 'close')
  await watch(grant.streamUrl)
  expect(await closing).toMatchObject([1008, Buffer.from('collision')])
  await watch(other.streamUrl)
  expect(await refusal(third.streamUrl)).toBe(429)
})

test('the end of a conversation is told, and the line closed', async () => {
  const grant = await start(chat.domain)
  const { socket, texts } = await watch(grant.streamUrl)
  await post(chat.domain, grant, said('hola'))
  await until(() => texts().length === 2)
  const closing = once(socket, 'close')
  await chat.end(grant.conversationId)
  expect((await closing)[0]).toBe(1000)
  expect(texts().at(-1)).toBe('endOfConversation')
  expect(await refusal(grant.streamUrl)).toBe(404)
})

test('a stream is refused before it opens', async () => {
  const { streamUrl } = await start(chat.domain, { origin: 'http://localhost:9' })
  const changed = (name: string, value: string) => {
    const url = new URL(streamUrl)
    url.searchParams.set(name, value)
    return url.href
  }
  expect(await refusal(changed('t', ''))).toBe(401)
  expect(await refusal(changed('t', 'x.y.z'))).toBe(403)
  expect(await refusal(changed('watermark', 'abc'))).toBe(400)
  expect(await refusal(streamUrl, { origin: 'https://evil.example' })).toBe(403)
  expect(await refusal(streamUrl, { origin: 'http://localhost:10' })).toBe(403)
  await watch(streamUrl, { origin: 'http://localhost:9' })
})

test.each(['/', '/healthz', '/v3/directline/conversations', '/v3/directline/nothing'])(
  'a connection to %s that asks for a WebSocket gets none, and is not kept',
  async (path) => {
    const url = chat.base.replace('http', 'ws') + path
    expect(await refusal(url)).toBeGreaterThanOrEqual(200)
    expect(await refusal(url, { origin: 'https://evil.example' })).toBeGreaterThanOrEqual(200)
  },
)

test('a server that stops says so, and does not wait for those that do not listen', async () => {
  const stopping = await runWebChat(database)
  const polite = await watch((await start(stopping.domain)).streamUrl)
  const deaf = await watch((await start(stopping.domain)).streamUrl)
  deaf.socket.pause()
  const [[code]] = await Promise.all([once(polite.socket, 'close'), stopping.close()])
  expect(code).toBe(1012)
})
