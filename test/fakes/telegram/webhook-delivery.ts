import { setTimeout as sleep } from 'node:timers/promises'
import type { Update, UpdateQueue } from './update-queue.ts'

/** What `setWebhook` was told. */
export interface WebhookSettings {
  url: string
  secret?: string | undefined
  connections: number
}

/** One POST to the webhook and what came back; `status` is absent when nothing did. */
export interface Attempt {
  at: number
  updateId: number
  status?: number
  error?: string
}

export interface WebhookDelivery {
  attempts: Attempt[]
  set(settings: WebhookSettings | undefined): void
  settings(): WebhookSettings | undefined
  /** Looks for what can be delivered now. */
  wake(): void
  close(): Promise<void>
}

/** Milliseconds: pauses after failures (doubled each time), and how long an answer may take. */
export interface WebhookPace {
  firstRetry: number
  longestRetry: number
  timeout: number
}

/**
 * Delivers as Telegram does: the updates of a chat one after another, chats beside each other, each again and again until a 2xx
 * comes, after the pause that `Retry-After` asks for or one that doubles.
 */
export function createWebhookDelivery(queue: UpdateQueue, pace: WebhookPace): WebhookDelivery {
  const attempts: Attempt[] = []
  const busy = new Map<number | undefined, Promise<void>>()
  let settings: WebhookSettings | undefined
  let current = new AbortController()

  const deliverChat = async (chat: number | undefined, to: WebhookSettings, signal: AbortSignal) => {
    let failures = 0
    for (let update = queue.oldest(chat); update && !signal.aborted; update = queue.oldest(chat)) {
      const pause = await deliver(update, to, signal, failures)
      failures = pause === undefined ? 0 : failures + 1
      if (pause !== undefined) await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }
  /** @returns undefined when it was taken, else how long to wait. */
  const deliver = async (update: Update, to: WebhookSettings, signal: AbortSignal, failures: number) => {
    const attempt: Attempt = { at: Date.now(), updateId: update.update_id }
    attempts.push(attempt)
    const doubled = Math.min(pace.longestRetry, pace.firstRetry * 2 ** failures)
    try {
      const answer = await post(to, update, AbortSignal.any([signal, AbortSignal.timeout(pace.timeout)]))
      attempt.status = answer.status
      await answer.body?.cancel()
      if (answer.ok) return queue.confirm(update)
      const retryAfter = Number(answer.headers.get('retry-after') ?? 0) * 1000
      return retryAfter > 0 ? Math.min(retryAfter, pace.longestRetry) : doubled
    } catch (error) {
      attempt.error = String(error)
      return doubled
    }
  }

  const wake = () => {
    if (!settings) return
    for (const chat of queue.chats()) {
      if (busy.size >= settings.connections) return
      if (busy.has(chat)) continue
      const work = deliverChat(chat, settings, current.signal).finally(() => {
        busy.delete(chat)
        if (!current.signal.aborted) wake()
      })
      busy.set(chat, work)
    }
  }

  return {
    attempts,
    settings: () => settings,
    wake,
    set(changed) {
      current.abort()
      current = new AbortController()
      settings = changed
      void Promise.all(busy.values()).then(wake)
    },
    async close() {
      settings = undefined
      current.abort()
      await Promise.all(busy.values())
    },
  }
}

const post = ({ url, secret }: WebhookSettings, update: Update, signal: AbortSignal) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(update),
    headers: { 'content-type': 'application/json', ...(secret && { 'x-telegram-bot-api-secret-token': secret }) },
    signal,
  })
