import {
  type Activity,
  ConnectionStatus,
  DirectLine,
  type DirectLineOptions,
  type Message,
} from 'botframework-directlinejs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database.ts'
import { type RunningChat, runWebChat } from './running-chat.ts'
import { call, type Grant, start, until } from './talk.ts'
import { XmlHttpRequest } from './xml-http-request.ts'

let database: TestDatabase
let chat: RunningChat

beforeAll(async () => {
  Object.assign(globalThis, { XMLHttpRequest: XmlHttpRequest })
  database = await createTestDatabase()
  chat = await runWebChat(database, {
    bot: ({ text, media }, kind) =>
      kind === 'start'
        ? [{ text: 'Bienvenido' }]
        : [{ text: media ? `Recibí ${media.length} archivos` : `Oí: ${text}` }],
  })
})
afterAll(async () => {
  await chat.close()
  await database.drop()
})

/** Microsoft's client as a page has it: it is given a token, and collects what it hears. */
async function connect(options: DirectLineOptions = {}, token?: string, userId?: string) {
  const generated = token ?? (await call<Grant>(`${chat.domain}/tokens/generate`, { method: 'POST' })).body.token
  const client = new DirectLine({
    domain: chat.domain,
    token: generated,
    pollingInterval: 200,
    random: () => 0,
    ...options,
  })
  if (userId) client.setUserId(userId)
  const heard: Activity[] = []
  const statuses: ConnectionStatus[] = []
  client.connectionStatus$.subscribe((status) => statuses.push(status))
  client.activity$.subscribe({ next: (activity) => heard.push(activity), error: () => undefined })
  return {
    client,
    heard,
    statuses,
    texts: () => heard.map((activity) => ('text' in activity ? activity.text : activity.type)),
  }
}

const say = (client: DirectLine, text: string, clientActivityID: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const activity: Message = { type: 'message', from: { id: 'r_1' }, text, channelData: { clientActivityID } }
    client.postActivity(activity).subscribe({ next: resolve, error: reject })
  })

test.each([{ webSocket: true }, { webSocket: false }])('talks with $webSocket', async (options) => {
  const { client, heard, texts } = await connect(options)
  const id = await say(client, 'hola 🌧️ ñandú', 'c1')
  await until(() => heard.length === 2)
  expect(texts()).toEqual(['hola 🌧️ ñandú', 'Oí: hola 🌧️ ñandú'])
  expect(heard[0]).toMatchObject({ id, from: { id: 'r_1', role: 'user' }, channelData: { clientActivityID: 'c1' } })
  expect(heard[1]).toMatchObject({ from: { role: 'bot', name: 'Canaliza' } })
  client.end()
})

test('greets a user that is known by its id when the conversation begins', async () => {
  const { client, heard, texts } = await connect({}, undefined, 'r_2')
  await until(() => heard.length > 0)
  expect(texts()).toEqual(['Bienvenido'])
  client.end()
})

test('sends files with a message, which come back by an address of ours', async () => {
  const { client, heard } = await connect()
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  )
  const contentUrl = `data:image/png;base64,${png.toString('base64')}`
  const activity: Message = {
    type: 'message',
    from: { id: 'r_3' },
    text: 'aquí está',
    attachments: [
      { contentType: 'image/png', contentUrl, name: 'bache.png' },
      { contentType: 'image/png', contentUrl, name: 'bache.png' },
    ],
    channelData: { clientActivityID: 'files' },
  }
  await new Promise((resolve, reject) => client.postActivity(activity).subscribe({ next: resolve, error: reject }))
  await until(() => heard.length === 2)
  const [own] = heard
  if (own?.type !== 'message') throw new Error('the message did not come back')
  expect(own).toMatchObject({ text: 'aquí está', channelData: { clientActivityID: 'files' } })
  expect(own.attachments).toMatchObject([{ name: 'bache.png' }, { name: 'bache (1).png' }])
  const [first] = own.attachments ?? []
  const file = await fetch(first && 'contentUrl' in first ? first.contentUrl : '')
  expect(Buffer.from(await file.arrayBuffer())).toEqual(png)
  client.end()
})

test('hears what was said while its socket was broken, once', async () => {
  const { client, heard, texts } = await connect()
  await say(client, 'uno', 'a')
  await until(() => heard.length === 2)
  chat.cutSockets()
  await say(client, 'dos', 'b')
  await until(() => heard.length === 4)
  expect(texts()).toEqual(['uno', 'Oí: uno', 'dos', 'Oí: dos'])
  client.end()
})

test('resumes a conversation with its id, a token and a watermark', async () => {
  const grant = await start(chat.domain)
  const first = await connect({ conversationId: grant.conversationId }, grant.token)
  await say(first.client, 'uno', 'a')
  await until(() => first.heard.length === 2)
  first.client.end()
  const again = await connect({ conversationId: grant.conversationId, watermark: '1' }, grant.token)
  await until(() => again.heard.length > 0)
  expect(again.texts()).toEqual(['Oí: uno'])
  again.client.end()
})

test.each([{ webSocket: true }, { webSocket: false }])(
  'learns that its conversation ended (socket: $webSocket)',
  async (options) => {
    const { client, heard, statuses, texts } = await connect(options)
    await say(client, 'uno', 'a')
    await until(() => heard.length === 2)
    await chat.end(String(heard[0]?.conversation?.id))
    await until(() =>
      options.webSocket ? texts().at(-1) === 'endOfConversation' : statuses.includes(ConnectionStatus.Ended),
    )
    client.end()
  },
)

test('refuses to start with an expired token, and the client says so', async () => {
  const { tokenAt } = chat
  const { statuses } = await connect({}, tokenAt(new Date(Date.now() - 1801_000)))
  await until(() => statuses.includes(ConnectionStatus.FailedToConnect))
})
