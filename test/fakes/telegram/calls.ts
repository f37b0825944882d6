import type { FastifyRequest } from 'fastify'

/** A call of the bot as it came, and what became of it. */
export interface RecordedCall {
  /** Milliseconds since 1970, on arrival. */
  at: number
  method: string
  payload: Record<string, unknown>
  files: { field: string; fileName: string; bytes: Buffer }[]
  /** The HTTP status answered, or what was done instead; absent while the call waits. */
  answered?: number | 'dropped' | 'hung'
  /** Did it take effect? */
  accepted: boolean
}

/** The name of the method and all its parameters, whichever of the forms the Bot API takes they came in. */
export async function readCall(method: string, request: FastifyRequest): Promise<RecordedCall> {
  const call: RecordedCall = { at: Date.now(), method, payload: {}, files: [], accepted: false }
  if (request.isMultipart()) {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        call.files.push({ field: part.fieldname, fileName: part.filename, bytes: await part.toBuffer() })
      } else call.payload[part.fieldname] = parsed(part.value)
    }
  } else Object.assign(call.payload, request.query, request.body)
  return call
}

/** Objects come as JSON in the fields of a form. */
const parsed = (value: unknown): unknown =>
  typeof value === 'string' && /^[[{]/.test(value) ? JSON.parse(value) : value

interface Button {
  text?: string
  callback_data?: string
  url?: string
}

/** The buttons below a message, of either keyboard. */
export function buttonsOf({ payload }: Pick<RecordedCall, 'payload'>): Button[] {
  const markup = payload.reply_markup
  if (typeof markup !== 'object' || markup === null) return []
  const rows = 'inline_keyboard' in markup ? markup.inline_keyboard : 'keyboard' in markup ? markup.keyboard : []
  return Array.isArray(rows) ? rows.flat() : []
}

/** Why the Bot API would refuse a message with 400, by the limits it documents; undefined when it would not. */
export function refusal(call: RecordedCall): string | undefined {
  const { text, caption } = call.payload
  if (call.method !== 'sendMessage' && call.files.length === 0) return 'there is no file in the request'
  if (call.method === 'sendMessage' && (typeof text !== 'string' || text.trim() === '')) return 'message text is empty'
  if (typeof text === 'string' && text.length > 4096) return 'message is too long'
  if (typeof caption === 'string' && caption.length > 1024) return 'message caption is too long'
  return buttonsOf(call)
    .map(buttonRefusal)
    .find((reason) => reason !== undefined)
}

function buttonRefusal({ text, callback_data: data = '', url }: Button): string | undefined {
  if (!text) return 'text buttons are unallowed in the inline keyboard'
  if (Buffer.byteLength(data) > 64) return 'BUTTON_DATA_INVALID'
  const unreachable = url !== undefined && !new URL(url).hostname.includes('.')
  return unreachable ? `inline keyboard button URL '${url}' is invalid: Wrong HTTP URL` : undefined
}
