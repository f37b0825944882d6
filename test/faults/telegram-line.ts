import type { Copier } from './copies.ts'
import { createEar, createPen, deliver, type Line, type Saying } from './line.ts'
import type { Notebook } from './notebook.ts'
import { type Bot, WEBHOOK_SECRET } from './platform.ts'
import { SERVED_BY } from './proxy.ts'

/** What the lines of all citizens share. */
export interface Lines {
  /** Where the load balancer listens. */
  front: string
  notebook: Notebook
  copier: Copier
  signal: AbortSignal
}

/** Far from the numbers that the fake gives to what is polled. */
let nextUpdateId = 500_000_001
let nextMessageId = 1

/** A Telegram chat whose updates go to the webhook, each until it is acknowledged, and some more than once. */
export function webhookLine(bot: Bot, chat: number, lines: Lines): Line {
  const { notebook, copier, signal } = lines
  const ear = createEar()
  const note = createPen(notebook, { channel: 'telegram', account: bot.account, address: String(chat) })
  bot.fake.openChat(chat)
  bot.listen(chat, ear.add)
  return {
    hear: ear.hear,
    async say(saying, nature = 'plain') {
      const update = { update_id: nextUpdateId++, ...updateOf(saying, chat) }
      const noted = note(String(update.update_id), nature)
      const post = {
        url: `${lines.front}/webhooks/telegram`,
        headers: { 'x-telegram-bot-api-secret-token': WEBHOOK_SECRET },
        body: update,
      }
      copier.copy(post, nature === 'confirm')
      const answer = await deliver(post, notebook, signal)
      noted.acknowledged = Date.now()
      return answer.headers.get(SERVED_BY) ?? undefined
    },
  }
}

/** A Telegram chat whose updates wait to be polled. */
export function polledLine(bot: Bot, chat: number, lines: Lines, confirmed: (id: number) => Promise<void>): Line {
  const ear = createEar()
  const note = createPen(lines.notebook, { channel: 'telegram', account: bot.account, address: String(chat) })
  bot.fake.openChat(chat)
  bot.listen(chat, ear.add)
  return {
    hear: ear.hear,
    async say(saying, nature = 'plain') {
      const id = bot.fake.push(updateOf(saying, chat))
      const noted = note(String(id), nature)
      await confirmed(id)
      noted.acknowledged = Date.now()
      return undefined
    },
  }
}

/** Tells when an update was confirmed by its offset, until `signal` aborts. */
export function watchConfirmed(bot: Bot, signal: AbortSignal): (updateId: number) => Promise<void> {
  const waiting = new Map<number, () => void>()
  let seen = 0
  const timer = setInterval(() => {
    const { confirmed } = bot.fake
    for (; seen < confirmed.length; seen++) {
      const id = confirmed[seen]?.updateId ?? 0
      waiting.get(id)?.()
      waiting.delete(id)
    }
  }, 10)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    for (const resolve of waiting.values()) resolve()
  })
  return async (id) => {
    await new Promise<void>((resolve) => waiting.set(id, resolve))
    signal.throwIfAborted()
  }
}

function updateOf(saying: Saying, chat: number): Record<string, unknown> {
  const person = { id: chat, is_bot: false, first_name: `Vecina ${chat}`, language_code: 'es' }
  const base = {
    message_id: nextMessageId++,
    chat: { id: chat, type: 'private', first_name: person.first_name },
    date: Math.floor(Date.now() / 1000),
  }
  if ('text' in saying) return { message: { ...base, from: person, text: saying.text } }
  if ('file' in saying) {
    const document = { file_id: saying.file, file_name: 'oficio.pdf', mime_type: 'application/pdf', file_size: 2_000 }
    return { message: { ...base, from: person, document } }
  }
  const message = { ...base, from: { id: 4242, is_bot: true, first_name: 'Canaliza' }, text: 'pregunta' }
  const { id: data } = saying.press
  return { callback_query: { id: `${chat}-${base.message_id}`, from: person, message, chat_instance: '-1', data } }
}
