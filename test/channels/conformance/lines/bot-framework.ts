import type { InboundMessage } from '../../../../src/channels/message.ts'
import { splitMessage } from '../../../../src/channels/split-message.ts'
import type { Misbehaviour } from '../../../fakes/bot-framework-server.ts'
import { BOT, type Bots, createBots, databaseAway } from '../../bot-framework/context.ts'
import type { FailureKind } from '../kinds.ts'
import { enough, type Line, type Manner, someFile } from '../line.ts'
import { FILE_KEY } from '../said.ts'

/** How the service behaves in each failure. */
const WAYS: Partial<Record<FailureKind, Misbehaviour>> = {
  throttled: { status: 429, headers: { 'retry-after': '17' } },
  blocked: { status: 403, code: 'ConversationBlockedByUser' },
  refused: { status: 400, code: 'BadArgument' },
  unauthorized: { status: 401 },
  unavailable: { status: 503 },
  lost: 'drop',
}

/** As the cases name the service, and a file that was put aside. */
const SERVICE = 'https://service.example/amer/'

/** A bot behind its address, against a key server, a login service and a connector over HTTP. */
export async function openBotFramework(): Promise<Line> {
  const closing: (() => Promise<void>)[] = []
  const bots = await createBots({ publicUrl: 'https://canaliza.example' }, (close) => closing.push(close))
  const { channel, service, inbox } = bots
  bots.files.set(FILE_KEY, Buffer.from('bytes'))
  const post = async (body: string, manner: Manner) => (await posted(bots, body, manner)) ?? 'closed'
  const hear = () => bots.hear('teams-text')
  return {
    channel,
    stored: async () => inbox.map((message) => named(message, service.serviceUrl)),
    receipts: () => [],
    forget: async () => bots.forget(),
    deliver: async (payload) => (await post(served(JSON.stringify(payload), service.serviceUrl), 'signed')) === 200,
    post,
    database: (away) => away && bots.failSaves(databaseAway()),
    async say(message, { byStaff }) {
      const to = await hear()
      const before = service.posted.length
      for (const part of splitMessage(message, channel.limits)) {
        await channel.send({ id: '1', to, message: part, ...(byStaff && { byStaff }) }, enough())
      }
      return service.posted.slice(before).map(({ activity }) => wire(activity))
    },
    async fail(kind) {
      const to = await hear()
      const way = WAYS[kind]
      if (way) service.misbehave(way)
      if (kind !== 'expired') return channel.send({ id: '1', to, message: { text: 'Hola' } }, enough())
      return channel.fetchMedia?.(someFile(`service:${service.serviceUrl}v3/attachments/gone/views/original`), enough())
    },
    async [Symbol.asyncDispose]() {
      for (const close of closing.toReversed()) await close()
    },
  }
}

const served = (text: string, serviceUrl: string) => text.replaceAll('{{serviceUrl}}', serviceUrl)

async function posted({ service, url }: Bots, body: string, manner: Manner): Promise<number | undefined> {
  const headers: Record<Manner, Record<string, string>> = {
    signed: { authorization: service.authorization(BOT) },
    unsigned: {},
    forged: { authorization: service.authorization({ appId: 'another-app' }) },
  }
  const answer = await fetch(`${url}/api/messages`, {
    method: 'POST',
    body: served(body, service.serviceUrl),
    headers: { 'content-type': 'application/json', ...headers[manner] },
  }).catch(() => undefined)
  return answer?.status
}

function named({ sentAt, ...message }: InboundMessage, serviceUrl: string): InboundMessage {
  const text = JSON.stringify(message)
    .replaceAll(serviceUrl, SERVICE)
    .replaceAll(/stored:incoming\/\w+/g, 'stored:ARCHIVO')
  return { ...JSON.parse(text), sentAt }
}

/** An activity without what each has, and without what is signed anew for each file. */
function wire({ serviceUrl, conversation, from, recipient, ...rest }: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify(rest).replaceAll(/\?t=[\w-]+/g, ''))
}
