import { z } from 'zod'
import type { InboundMessage, OutboundMessage } from '../../../../src/channels/message.ts'
import { splitMessage } from '../../../../src/channels/split-message.ts'
import { createTokens } from '../../../../src/channels/web-chat/tokens.ts'
import type { InboundBody } from '../../../../src/conversation/stored-message.ts'
import { createTestDatabase } from '../../../database.ts'
import { databaseLine } from '../../../fakes/database-line.ts'
import { type RunningChat, runWebChat } from '../../web-chat/running-chat.ts'
import { call, type Grant, read, start } from '../../web-chat/talk.ts'
import { enough, type Line, type Manner, someFile } from '../line.ts'

/** The files that go along with an activity; its attachments name them. */
const withFiles = z.object({ attachments: z.array(z.object({ name: z.string(), contentType: z.string() })).min(1) })

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

/** The web chat on a port, over a database whose line can be cut; each payload is of a conversation of its own. */
export async function openWebChat(): Promise<Line> {
  const database = await createTestDatabase()
  const closing: (() => void)[] = []
  const wire = await databaseLine(database.url, (close) => closing.push(close))
  const chat = await runWebChat(database, { databaseUrl: wire.url, limits: { startsPerMinute: 0, postsPerMinute: 0 } })
  let grant: Grant = await start(chat.domain)
  const post = (body: string, manner: Manner) => posted(chat, grant, body, manner)
  return {
    channel: chat.channel,
    stored: () => stored(chat, grant),
    receipts: () => [],
    async forget() {
      grant = await start(chat.domain)
    },
    async deliver(payload) {
      const { data } = withFiles.safeParse(payload)
      if (!data) return (await post(JSON.stringify(payload), 'signed')) === 200
      const form = new FormData()
      form.append('activity', new Blob([JSON.stringify(payload)], { type: 'application/vnd.microsoft.activity' }))
      for (const { name, contentType } of data.attachments)
        form.append('file', new Blob([PNG], { type: contentType }), name)
      const url = `${chat.domain}/conversations/${grant.conversationId}/upload?userId=citizen`
      return (await call(url, { method: 'POST', token: grant.token, body: form })).status === 200
    },
    post,
    database: (away) => (away ? wire.down() : wire.up()),
    say: (message) => said(chat, grant, message),
    async fail(kind) {
      if (kind === 'expired') return chat.channel.fetchMedia?.(someFile('incoming/gone'), enough())
      wire.down()
      const delivery = { id: '1', to: grant.conversationId, message: { text: 'Hola' } }
      return chat.channel.send(delivery, enough()).finally(wire.up)
    },
    async [Symbol.asyncDispose]() {
      wire.up()
      await chat.close()
      for (const close of closing) close()
      await database.drop()
    },
  }
}

async function posted({ domain }: RunningChat, grant: Grant, body: string, manner: Manner): Promise<number> {
  const forged = createTokens('another-secret-of-somebody-else-0123', () => new Date()).issue({
    use: 'api',
    conv: grant.conversationId,
  })
  const tokens: Record<Manner, string> = { signed: grant.token, unsigned: '', forged }
  const url = `${domain}/conversations/${grant.conversationId}/activities`
  return (await call(url, { method: 'POST', body, ...(tokens[manner] && { token: tokens[manner] }) })).status
}

/** What differs from run to run, as the cases name it. */
const named = <T>(value: T, { conversationId }: Grant): T =>
  JSON.parse(JSON.stringify(value).replaceAll(conversationId, 'CONVERSACION'))

async function stored(chat: RunningChat, grant: Grant): Promise<InboundMessage[]> {
  const rows = await chat.rows<{ externalId: string; body: InboundBody }>(
    `select m.external_id as "externalId", m.body from message m
       join conversation c on c.id = m.conversation_id join address a on a.id = c.address_id
      where a.external_id = $1 and m.direction = 'in' order by m.id`,
    [grant.conversationId],
  )
  return rows.map(({ externalId, body }) => {
    const { media, ...rest } = body
    const files = media?.map((file) => ({ ...file, ref: 'ARCHIVO' }))
    const message = { ...rest, externalId, channel: 'web-chat', account: 'default', ...(files && { media: files }) }
    return { ...named(message, grant), sentAt: new Date(body.sentAt) }
  })
}

/** The rows as a Direct Line client reads them; ids and times of our own aside. */
async function said(chat: RunningChat, grant: Grant, message: OutboundMessage): Promise<unknown[]> {
  await call(`${chat.domain}/conversations/${grant.conversationId}/activities`, {
    method: 'POST',
    token: grant.token,
    body: JSON.stringify({ type: 'event', name: 'webchat/join', from: { id: 'citizen' } }),
  })
  for (const part of splitMessage(message, chat.channel.limits)) await chat.say(grant.conversationId, part)
  const { activities } = await read(chat.domain, grant)
  return activities
    .filter(({ from }) => from?.role === 'bot')
    .map(({ id: _id, timestamp: _timestamp, ...activity }) =>
      named(
        JSON.parse(
          JSON.stringify(activity).replaceAll(/http:\/\/127\.0\.0\.1:\d+[^"]*/g, 'https://canaliza.example/archivo'),
        ),
        grant,
      ),
    )
}
