/** An update as a test pushes it: one field beside the number, such as `message`. */
export interface Update {
  update_id: number
  [kind: string]: unknown
}

interface Chat {
  id: number
  type: string
}

/** What waits for the bot, in the order of its numbers, until it is confirmed. */
export interface UpdateQueue {
  push(update: Record<string, unknown>): number
  /** How many wait. */
  size(): number
  /** The chats that something waits in, and the oldest of one. */
  chats(): (number | undefined)[]
  oldest(chat: number | undefined): Update | undefined
  confirm(update: Update): void
  /** As the Bot API does it: confirms what is below the offset, unless the offset is no number of this queue. */
  take(offset: number, limit: number): Update[]
  confirmed: { updateId: number; at: number }[]
  clear(): void
}

/** An offset so far beyond the next number belongs to another queue (TQueue.cpp, "from_id is in the future"). */
const FUTURE = 10

export function createUpdateQueue(firstId: number, changed: () => void): UpdateQueue {
  const updates = new Map<number, Update>()
  const byChat = new Map<number | undefined, Map<number, Update>>()
  const confirmed: UpdateQueue['confirmed'] = []
  let nextId = firstId
  const confirm = (update: Update) => {
    if (!updates.delete(update.update_id)) return
    confirmed.push({ updateId: update.update_id, at: Date.now() })
    const chat = chatOf(update)
    byChat.get(chat)?.delete(update.update_id)
    if (byChat.get(chat)?.size === 0) byChat.delete(chat)
  }
  return {
    confirmed,
    confirm,
    size: () => updates.size,
    chats: () => [...byChat.keys()],
    oldest: (chat) => byChat.get(chat)?.values().next().value,
    clear() {
      updates.clear()
      byChat.clear()
    },
    push(fields) {
      const id = typeof fields.update_id === 'number' ? fields.update_id : nextId
      const update = { ...fields, update_id: id }
      const chat = chatOf(update)
      updates.set(id, update)
      byChat.set(chat, (byChat.get(chat) ?? new Map()).set(id, update))
      nextId = id + 1
      changed()
      return id
    },
    take(offset, limit) {
      if (offset <= nextId + FUTURE) {
        for (const update of updates.values()) {
          if (update.update_id >= offset) break
          confirm(update)
        }
      }
      return [...updates.values()].slice(0, limit)
    },
  }
}

const isChat = (value: unknown): value is Chat =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number'

/** The chat an update belongs to: Telegram delivers those of one chat one after another. */
export function chatOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('chat' in value && isChat(value.chat)) return value.chat.id
  for (const part of Object.values(value)) {
    const chat = chatOf(part)
    if (chat !== undefined) return chat
  }
  return undefined
}
