import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { type Answer, perform, SENDS } from './telegram/bot-methods.ts'
import { type BotState, createBotState, openChat } from './telegram/bot-state.ts'
import { type RecordedCall, readCall } from './telegram/calls.ts'
import { chatOf } from './telegram/update-queue.ts'
import type { Attempt, WebhookPace, WebhookSettings } from './telegram/webhook-delivery.ts'

export type { RecordedCall }

/**
 * What goes wrong with a call: an answer that is an error (no effect), `drop` (takes effect, then the connection is closed
 * without an answer), `refuse` (closed before it takes effect), `hang` (takes effect, no answer comes).
 */
export type Misbehaviour = { status: number; description?: string; retryAfter?: number } | 'drop' | 'refuse' | 'hang'

export interface FakeTelegramOptions {
  token?: string
  port?: number
  firstUpdateId?: number
  /** Milliseconds of the webhook's retries. */
  pace?: Partial<WebhookPace>
}

/** A Bot API of one bot over real HTTP. Chats exist once something was pushed in them, or by `openChat`. */
export interface FakeTelegram {
  /** For `apiRoot`. */
  url: string
  token: string
  /** Every call, also those that were refused. */
  calls: RecordedCall[]
  /** Messages that reached their chat, in order. */
  sent(chat?: number): RecordedCall[]
  /** The next calls of a method (`*`: of any) go wrong, one for each way. */
  misbehave(method: string, ...ways: Misbehaviour[]): void
  /** Asked for every other call; undefined lets it pass. */
  misbehaveBy(choose: WayOf | undefined): void
  /** A citizen's doing; gets its `update_id`, unless it has one. */
  push(update: Record<string, unknown>): number
  openChat(chat: number): void
  /** The citizen blocks the bot, or takes that back. */
  block(chat: number, blocked?: boolean): void
  /** @returns the `file_id` for `getFile`. `size` is what Telegram says of it. */
  addFile(bytes: Uint8Array, path: string, size?: number): string
  /** How many updates are not yet confirmed. */
  waiting(): number
  /** Updates confirmed, by offset or by a webhook's 2xx, in order. */
  confirmed: { updateId: number; at: number }[]
  /** POSTs to the webhook. */
  deliveries: Attempt[]
  webhook(): WebhookSettings | undefined
  close(): Promise<void>
}

/** Listens on 127.0.0.1, by default on any free port. */
export async function createTelegramServer(options: FakeTelegramOptions = {}): Promise<FakeTelegram> {
  const { token = '4242:a-token_of-the-fake', port = 0, firstUpdateId = 870_001, pace = {} } = options
  const state = createBotState(token, firstUpdateId, pace)
  const plan = createPlan()
  const calls: RecordedCall[] = []
  const app = createApp(state, calls, plan.wayOf)
  const url = await app.listen({ port, host: '127.0.0.1' })
  return {
    url,
    token,
    calls,
    confirmed: state.queue.confirmed,
    deliveries: state.delivery.attempts,
    waiting: state.queue.size,
    webhook: state.delivery.settings,
    sent: (chat) => calls.filter((call) => call.accepted && SENDS.test(call.method) && isFor(call, chat)),
    misbehave: plan.add,
    misbehaveBy: plan.choose,
    openChat: (chat) => openChat(state, chat),
    push(update) {
      const chat = chatOf(update)
      if (chat !== undefined) openChat(state, chat)
      return state.queue.push(update)
    },
    block(chat, blocked = true) {
      openChat(state, chat).blocked = blocked
    },
    addFile(bytes, path, size = bytes.byteLength) {
      const id = `file-${state.files.size + 1}`
      state.files.set(id, { path, bytes, size })
      return id
    },
    async close() {
      await state.delivery.close()
      await app.close()
    },
  }
}

type WayOf = (call: RecordedCall) => Misbehaviour | undefined

/** What is to go wrong with which call. */
function createPlan() {
  const planned: { method: string; way: Misbehaviour }[] = []
  let chosen: WayOf | undefined
  return {
    add: (method: string, ...ways: Misbehaviour[]) => void planned.push(...ways.map((way) => ({ method, way }))),
    choose(by: WayOf | undefined) {
      chosen = by
    },
    wayOf(call: RecordedCall) {
      const index = planned.findIndex(({ method }) => method === call.method || method === '*')
      return index >= 0 ? planned.splice(index, 1)[0]?.way : chosen?.(call)
    },
  }
}

function createApp(state: BotState, calls: RecordedCall[], wayOf: WayOf): FastifyInstance {
  const { token, files } = state
  const app = fastify({ bodyLimit: 60 << 20, forceCloseConnections: true })
  app.register(multipart, { limits: { fileSize: 50 << 20 } })
  app.all<{ Params: { token: string; method: string } }>('/bot:token/:method', async (request, reply) => {
    const call = await readCall(request.params.method, request)
    calls.push(call)
    if (request.params.token !== token) return answer(call, reply, { status: 401, description: 'Unauthorized' })
    return handle(state, call, reply, wayOf(call))
  })
  app.get<{ Params: { token: string; '*': string } }>('/file/bot:token/*', (request, reply) => {
    const file = [...files.values()].find(({ path }) => path === request.params['*'])
    if (request.params.token !== token || !file) return reply.code(404).send({ ok: false, error_code: 404 })
    return reply.type('application/octet-stream').send(Buffer.from(file.bytes))
  })
  return app
}

async function handle(
  state: BotState,
  call: RecordedCall,
  reply: FastifyReply,
  way: Misbehaviour | undefined,
): Promise<FastifyReply> {
  if (way === 'refuse') return hangUp(call, reply)
  if (typeof way === 'object') return answer(call, reply, { description: `Error ${way.status}`, ...way })
  const hungUp = new AbortController()
  reply.raw.once('close', () => hungUp.abort())
  const said = await perform(state, call, hungUp.signal)
  if (said === 'gone') return hangUp(call, reply)
  call.accepted = 'result' in said
  if (way === undefined) return answer(call, reply, said)
  return way === 'drop' ? hangUp(call, reply) : hang(call, reply)
}

const isFor = ({ payload }: RecordedCall, chat: number | undefined) =>
  chat === undefined || Number(payload.chat_id) === chat

function answer(call: RecordedCall, reply: FastifyReply, said: Answer): FastifyReply {
  call.answered = 'result' in said ? 200 : said.status
  if ('result' in said) return reply.send({ ok: true, result: said.result })
  const { status, description, retryAfter } = said
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }
  return reply.code(status).send({ ok: false, error_code: status, description, ...parameters })
}

function hangUp(call: RecordedCall, reply: FastifyReply): FastifyReply {
  call.answered = 'dropped'
  reply.hijack()
  reply.raw.destroy()
  return reply
}

function hang(call: RecordedCall, reply: FastifyReply): FastifyReply {
  call.answered = 'hung'
  return reply.hijack()
}
