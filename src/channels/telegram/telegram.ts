import { z } from 'zod'
import { StartupProblem } from '../../runtime/problem.ts'
import type { AnyChannel, ChannelContext, ChannelLimits } from '../channel.ts'
import { readFile } from '../read-file.ts'
import { createTelegramApi } from './api.ts'
import { createHealth } from './health.ts'
import { keepWebhook } from './keep-webhook.ts'
import { createFetchMedia } from './media.ts'
import { poll } from './poll.ts'
import type { Reading } from './receive.ts'
import { rest, retryPause, TIMINGS, type Timings, within } from './timings.ts'
import { toTelegram } from './to-telegram.ts'
import { addWebhook, webhookPath } from './webhook.ts'

/** One bot. */
export interface TelegramOptions {
  /** As BotFather gives it; never logged. */
  token: string
  /** `default`, or a name from config/canales.yaml. */
  account: string
  /** Where the Bot API is; Telegram's own when absent. */
  apiRoot?: string | undefined
  mode: 'polling' | 'webhook'
  /** Needed for a webhook: 1 to 256 of A-Z a-z 0-9 _ and -. */
  webhookSecret?: string | undefined
  /** Where people and Telegram reach us, without a slash at the end. Needed for a webhook, where it must be https. */
  publicUrl?: string | undefined
  /** Messages a second, instead of Telegram's 30; 0 lifts all limits. */
  rate?: number | undefined
  /** Told after each commit, for metrics and the daily ledger. */
  counted?: Reading['counted'] | undefined
}

/** About 30 messages a second in all, one a second to a chat (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). */
const RATE = 30
const CHAT_PAUSE = 1000

/** Only the id is read; what was sent is sent, whatever else the answer holds. */
const sentMessage = z.object({ message_id: z.int() }).optional().catch(undefined)

const pressData = z.object({ callbackQueryId: z.string() })

/**
 * A Telegram bot as a channel. It reads by polling (under a lease, so that one process does) or by webhook.
 * @throws {StartupProblem} for a webhook without a secret or an address.
 */
export function createTelegram(options: TelegramOptions, context: ChannelContext, timings = TIMINGS): AnyChannel {
  const { token, account, apiRoot = 'https://api.telegram.org' } = options
  const api = createTelegramApi(token, apiRoot)
  const health = createHealth(context.now)
  const reading: Reading = { api, account, context, health, timings, counted: options.counted ?? (() => undefined) }
  const webhook = options.mode === 'webhook' ? webhookOf(options) : undefined
  const [bot = ''] = token.split(':')
  const read = (signal: AbortSignal) => (webhook ? keepWebhook(reading, webhook, signal) : poll(reading, bot, signal))

  /** What fails here costs a citizen nothing. */
  const courtesy = async (method: string, payload: object, signal: AbortSignal) => {
    try {
      await api.call(method, payload, z.unknown(), signal)
    } catch (error) {
      context.log.debug({ err: error, channel: 'telegram', account, method }, 'a courtesy failed')
    }
  }

  return {
    name: 'telegram',
    account,
    limits: limitsOf(options),
    async send({ to, message }, signal) {
      const bytes = message.media && (await readFile(context, message.media.key))
      const call = toTelegram(to, message, bytes)
      const sent = await api.call(call.method, call.payload, sentMessage, signal)
      return sent ? { providerId: String(sent.message_id) } : {}
    },
    fetchMedia: createFetchMedia(api),
    typing: (address, signal) => courtesy('sendChatAction', { chat_id: address, action: 'typing' }, signal),
    async acknowledge(message, signal) {
      const { data: press } = pressData.safeParse(message.channelData)
      if (press) await courtesy('answerCallbackQuery', { callback_query_id: press.callbackQueryId }, signal)
    },
    run: (signal) => runUnderLease(reading, timings, read, signal),
    health: () => health.current(),
    async check(signal) {
      await api.call('getMe', {}, z.unknown(), within(timings.call, signal))
    },
    ...(webhook && { routes: async (app) => addWebhook(app, reading, webhook.secret) }),
  }
}

function limitsOf({ rate = RATE, publicUrl }: TelegramOptions): ChannelLimits {
  return {
    text: 4096,
    caption: 1024,
    options: { max: 12, title: 64 },
    ...(!isButtonAddress(publicUrl) && { links: 'text' }),
    rate,
    conversationPause: rate === 0 ? 0 : CHAT_PAUSE,
    quiet: 1200,
    idempotentSend: false,
  }
}

/** Telegram refuses buttons to hosts without a dot, such as localhost ("Wrong HTTP URL"). */
const isButtonAddress = (url: string | undefined) => url !== undefined && new URL(url).hostname.includes('.')

function webhookOf({ webhookSecret, publicUrl, account }: TelegramOptions) {
  const name = account === 'default' ? 'TELEGRAM_WEBHOOK_SECRET' : 'webhook_secret in config/canales.yaml'
  const missing = webhookSecret ? 'PUBLIC_URL' : name
  if (!webhookSecret || !publicUrl) {
    throw new StartupProblem(`${missing} must be set for the Telegram account ${account} to be read by webhook.`)
  }
  return { secret: webhookSecret, url: `${publicUrl}${webhookPath(account)}` }
}

/** Reads while this process holds the account's lease, and takes part again when it was lost. */
async function runUnderLease(
  { context, account, health }: Reading,
  timings: Timings,
  read: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    health.set('standby')
    try {
      await context.withLease(`telegram/${account}`, signal, async (held) => {
        await read(held)
        health.set('standby')
      })
      failures = 0
    } catch (error) {
      failures += 1
      context.log.warn({ err: error, channel: 'telegram', account }, 'the lease could not be taken')
      health.set('database-away')
    }
    if (!signal.aborted) await rest(retryPause(failures + 1, timings), signal)
  }
  health.set('idle')
}
