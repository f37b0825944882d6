import { createLongPoll, type LongPoll } from './long-poll.ts'
import { createUpdateQueue, type UpdateQueue } from './update-queue.ts'
import { createWebhookDelivery, type WebhookDelivery, type WebhookPace } from './webhook-delivery.ts'

interface ChatState {
  blocked: boolean
  lastMessageId: number
}

interface StoredFile {
  path: string
  bytes: Uint8Array
  size: number
}

/** All that the fake knows of its one bot. */
export interface BotState {
  token: string
  chats: Map<number, ChatState>
  files: Map<string, StoredFile>
  queue: UpdateQueue
  longPoll: LongPoll
  delivery: WebhookDelivery
}

const PACE: WebhookPace = { firstRetry: 20, longestRetry: 1_000, timeout: 10_000 }

export function createBotState(token: string, firstUpdateId: number, pace: Partial<WebhookPace>): BotState {
  const queue = createUpdateQueue(firstUpdateId, () => {
    if (delivery.settings()) delivery.wake()
    else longPoll.wake()
  })
  const longPoll = createLongPoll(queue)
  const delivery = createWebhookDelivery(queue, { ...PACE, ...pace })
  return { token, chats: new Map(), files: new Map(), queue, longPoll, delivery }
}

/** A chat exists once its person wrote; message numbers are its own. */
export function openChat({ chats }: BotState, id: number): ChatState {
  const chat = chats.get(id) ?? { blocked: false, lastMessageId: 100 }
  chats.set(id, chat)
  return chat
}
