import type { BotState } from './bot-state.ts'
import { type RecordedCall, refusal } from './calls.ts'

/** What the Bot API says to a call; `gone` when the caller hung up meanwhile. */
export type Answer = { result: unknown } | { status: number; description: string; retryAfter?: number }

type Method = (state: BotState, call: RecordedCall, hungUp: AbortSignal) => Promise<Answer | 'gone'> | Answer

/** The methods whose effect is a message. */
export const SENDS = /^send(Message|Photo|Document|Voice|Audio|Video|Sticker)$/

const LARGEST_FILE = 20 * 1024 * 1024

const METHODS: Record<string, Method> = {
  getMe: ({ token }) => ({
    result: { id: Number.parseInt(token, 10), is_bot: true, first_name: 'Canaliza', username: 'canaliza_bot' },
  }),
  getUpdates,
  setWebhook,
  deleteWebhook: setWebhook,
  getWebhookInfo,
  getFile,
  sendChatAction: (state, call) => chatProblem(state, call) ?? { result: true },
  answerCallbackQuery: () => ({ result: true }),
  editMessageReplyMarkup: () => ({ result: true }),
}

/** Does what the call says. */
export function perform(state: BotState, call: RecordedCall, hungUp: AbortSignal): Promise<Answer | 'gone'> | Answer {
  const method = SENDS.test(call.method) ? send : METHODS[call.method]
  return method ? method(state, call, hungUp) : { status: 404, description: 'Not Found' }
}

function chatProblem({ chats }: BotState, { payload }: RecordedCall): Answer | undefined {
  const chat = chats.get(Number(payload.chat_id))
  if (!chat) return { status: 400, description: 'Bad Request: chat not found' }
  return chat.blocked ? { status: 403, description: 'Forbidden: bot was blocked by the user' } : undefined
}

function send(state: BotState, call: RecordedCall): Answer {
  const refused = refusal(call)
  const problem = chatProblem(state, call) ?? (refused && { status: 400, description: `Bad Request: ${refused}` })
  if (problem) return problem
  const id = Number(call.payload.chat_id)
  const chat = state.chats.get(id)
  if (chat) chat.lastMessageId += 1
  const { text, caption } = call.payload
  const date = Math.floor(call.at / 1000)
  return { result: { message_id: chat?.lastMessageId, date, chat: { id, type: 'private' }, text, caption } }
}

async function getUpdates(
  { delivery, longPoll }: BotState,
  { payload }: RecordedCall,
  hungUp: AbortSignal,
): Promise<Answer | 'gone'> {
  if (delivery.settings()) {
    return { status: 409, description: "Conflict: can't use getUpdates method while webhook is active" }
  }
  const { offset = 0, limit = 100, timeout = 0 } = payload
  const end = await longPoll.poll(Number(offset), Number(limit), Number(timeout) * 1000, hungUp)
  if (end === 'gone') return end
  return 'updates' in end ? { result: end.updates } : { status: 409, description: end.conflict }
}

function setWebhook({ queue, delivery, longPoll }: BotState, { payload }: RecordedCall): Answer {
  const { url, secret_token: secret, max_connections: connections = 40 } = payload
  if (payload.drop_pending_updates) queue.clear()
  if (url) longPoll.interrupt('Conflict: terminated by setWebhook request')
  const settings = { secret: secret ? String(secret) : undefined, connections: Number(connections) }
  delivery.set(url ? { url: String(url), ...settings } : undefined)
  return { result: true }
}

function getWebhookInfo({ queue, delivery }: BotState): Answer {
  const last = delivery.attempts.findLast((attempt) => attempt.status !== 200)
  const message = last && (last.error ?? `Wrong response from the webhook: ${last.status}`)
  return {
    result: {
      url: delivery.settings()?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: queue.size(),
      ...(last && { last_error_date: Math.floor(last.at / 1000), last_error_message: message }),
    },
  }
}

function getFile({ files }: BotState, { payload }: RecordedCall): Answer {
  const id = String(payload.file_id)
  const file = files.get(id)
  if (!file) return { status: 400, description: 'Bad Request: invalid file_id' }
  if (file.size > LARGEST_FILE) return { status: 400, description: 'Bad Request: file is too big' }
  return { result: { file_id: id, file_unique_id: id, file_path: file.path, file_size: file.size } }
}
