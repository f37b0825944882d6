import { z } from 'zod'
import { SendError } from '../send-error.ts'
import { diagnose } from './health.ts'
import type { Reading } from './receive.ts'
import { rest, retryPause, within } from './timings.ts'
import { ALLOWED_UPDATES } from './updates.ts'

/** Deliveries that Telegram may have under way to us at once; its own default. */
const MAX_CONNECTIONS = 40

/** Seconds after which a failed delivery is history. */
const RECENT = 300

const webhookInfo = z.object({
  url: z.string(),
  pending_update_count: z.number().default(0),
  last_error_date: z.number().optional(),
  last_error_message: z.string().optional(),
})

/** Where Telegram shall deliver, and the secret by which we know it. */
export interface Webhook {
  url: string
  secret: string
}

/**
 * Sets the webhook (setting it again changes nothing) and looks after it until `signal` aborts: set again when it is gone,
 * and what Telegram says of its deliveries goes into the health. Never rejects.
 */
export async function keepWebhook(reading: Reading, webhook: Webhook, signal: AbortSignal): Promise<void> {
  const { context, account, health, timings } = reading
  let isSet = false
  for (let failures = 0; !signal.aborted; ) {
    try {
      if (!isSet) await setWebhook(reading, webhook, signal)
      isSet = await inspect(reading, webhook, signal)
      failures = 0
      if (isSet) await rest(timings.webhookCheck, signal)
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      health.set(diagnose(error), error instanceof SendError ? error.message : undefined)
      context.log.warn({ err: error, channel: 'telegram', account, failures }, 'the webhook could not be set')
      await rest(retryPause(failures, timings), signal)
    }
  }
}

async function setWebhook({ api, timings }: Reading, { url, secret }: Webhook, signal: AbortSignal): Promise<void> {
  const settings = {
    url,
    secret_token: secret,
    allowed_updates: ALLOWED_UPDATES,
    max_connections: MAX_CONNECTIONS,
    drop_pending_updates: false,
  }
  await api.call('setWebhook', settings, z.unknown(), within(timings.call, signal))
}

async function inspect(reading: Reading, { url }: Webhook, signal: AbortSignal): Promise<boolean> {
  const { api, health, timings, context } = reading
  const info = await api.call('getWebhookInfo', {}, webhookInfo, within(timings.call, signal))
  const sinceError = context.now().getTime() / 1000 - (info.last_error_date ?? 0)
  const failing = info.pending_update_count > 0 && sinceError < RECENT
  const waiting = `${info.pending_update_count} waiting`
  if (failing) health.set('webhook-failing', `${info.last_error_message ?? 'no reason given'}; ${waiting}`)
  else health.set('webhook', waiting)
  return info.url === url
}
