import { buttonsOf } from '../fakes/telegram/calls.ts'
import {
  createTelegramServer,
  type FakeTelegram,
  type Misbehaviour,
  type RecordedCall,
} from '../fakes/telegram-server.ts'
import { createProxy } from './proxy.ts'
import type { Random } from './random.ts'
import { POLLED } from './town.ts'

/** What a citizen reads. */
export interface Heard {
  text: string
  /** Buttons to press. */
  options: { id: string; label: string }[]
  /** Keys that say their words. */
  words: string[]
}

/** One bot at the fake platform. */
export interface Bot {
  account: string
  fake: FakeTelegram
  /** Tells what reaches a chat, as it does. */
  listen(chat: number, listener: (heard: Heard) => void): void
  /** Calls of ours that were made to go wrong, by how. */
  mishaps: Record<string, number>
}

/** The platform: a bot for the webhook, one for polling, behind one address. */
export interface Platform {
  url: string
  webhook: Bot
  polled: Bot
  /** Environment of the processes. */
  env: Record<string, string>
  close(): Promise<void>
}

/** Of a thousand sends, how many go wrong in each way. */
const MISHAPS: [perThousand: number, name: string, way: Misbehaviour][] = [
  [3, 'taken, no answer', 'drop'],
  [3, 'not taken', 'refuse'],
  [3, '500', { status: 500 }],
  [2, '429', { status: 429, retryAfter: 1 }],
]

const WEBHOOK_TOKEN = '4242:webhook-bot'
const POLLED_TOKEN = '4343:polled-bot'
export const WEBHOOK_SECRET = 'the-secret-of-the-faults-run'

/** Starts it. Where sends go wrong, and answers to polls get lost, is drawn from `random`. */
export async function startPlatform(random: Random): Promise<Platform> {
  const webhook = await createBot('default', WEBHOOK_TOKEN, random.fork('webhook'))
  const polled = await createBot(POLLED.account, POLLED_TOKEN, random.fork('polled'))
  const router = await createProxy({
    choose: ({ url = '' }) => (url.startsWith(`/bot${POLLED_TOKEN}/`) ? polled.fake.url : webhook.fake.url),
    onFailure: 'hang up',
  })
  return {
    url: router.url,
    webhook,
    polled,
    env: {
      TELEGRAM_API_ROOT: router.url,
      TELEGRAM_BOT_TOKEN: WEBHOOK_TOKEN,
      TELEGRAM_MODE: 'webhook',
      TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
      [POLLED.variable]: POLLED_TOKEN,
    },
    async close() {
      await router.close()
      await Promise.all([webhook.fake.close(), polled.fake.close()])
    },
  }
}

async function createBot(account: string, token: string, random: Random): Promise<Bot> {
  const fake = await createTelegramServer({ token })
  const listeners = new Map<number, (heard: Heard) => void>()
  const mishaps: Record<string, number> = {}
  fake.misbehaveBy((call) => {
    const [name, way] = mishapOf(call, random)
    if (name) mishaps[name] = (mishaps[name] ?? 0) + 1
    if (call.method === 'sendMessage' && (way === undefined || way === 'drop')) {
      const listener = listeners.get(Number(call.payload.chat_id))
      if (listener) setImmediate(listener, heardOf(call))
    }
    return way
  })
  return { account, fake, mishaps, listen: (chat, listener) => listeners.set(chat, listener) }
}

function mishapOf({ method }: RecordedCall, random: Random): [name?: string, way?: Misbehaviour] {
  // A poll whose answer got lost is asked again, and Telegram delivers again.
  if (method === 'getUpdates') return random.chance(0.01) ? ['poll without answer', 'drop'] : []
  if (method !== 'sendMessage') return []
  let draw = random.between(0, 999)
  for (const [perThousand, name, way] of MISHAPS) {
    draw -= perThousand
    if (draw < 0) return [name, way]
  }
  return []
}

const REQUESTS = ['request_contact', 'request_location']

function heardOf(call: RecordedCall): Heard {
  const buttons = buttonsOf(call)
  const options = buttons.flatMap(({ text = '', callback_data: id }) =>
    id === undefined ? [] : [{ id, label: text.replace(/^\d+\. /, '') }],
  )
  // Keys that share a place or a telephone say nothing.
  const words = buttons.flatMap((button) =>
    button.text === undefined ||
    button.callback_data !== undefined ||
    button.url !== undefined ||
    REQUESTS.some((name) => name in button)
      ? []
      : [button.text],
  )
  return { text: String(call.payload.text ?? ''), options, words }
}
