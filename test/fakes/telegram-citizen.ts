import { buttonsOf, type RecordedCall } from './telegram/calls.ts'
import type { FakeTelegram } from './telegram-server.ts'

/** A person in a private chat with the bot; every deed gives its `update_id`. */
export interface TelegramCitizen {
  readonly chat: number
  says(text: string): number
  starts(payload?: string): number
  /** Presses a button by its label (without its number) or by its data, below the newest message that has it. */
  presses(button: string): number
  sendsPhoto(bytes: Uint8Array, more?: { caption?: string; album?: string }): number
  sendsVoice(bytes: Uint8Array): number
  sendsDocument(bytes: Uint8Array, fileName: string, mime: string): number
  sharesPlace(latitude: number, longitude: number): number
  sharesPhone(phone: string): number
  blocksTheBot(): number
  /** Texts and captions received so far, in order. */
  hears(): string[]
  received(): RecordedCall[]
}

export interface CitizenOptions {
  chat: number
  name?: string
}

/** Writes as Telegram's clients do, through the fake Bot API. */
export function createTelegramCitizen(
  telegram: FakeTelegram,
  { chat, name = 'Rosa' }: CitizenOptions,
): TelegramCitizen {
  const from = { id: chat, is_bot: false, first_name: name, language_code: 'es' }
  const place = { id: chat, type: 'private', first_name: name }
  let messageId = 100_000
  const now = () => Math.floor(Date.now() / 1000)
  const message = (content: object) =>
    telegram.push({ message: { message_id: ++messageId, date: now(), chat: place, from, ...content } })
  const upload = (bytes: Uint8Array, path: string) => {
    const id = telegram.addFile(bytes, path)
    return { file_id: id, file_unique_id: id, file_size: bytes.byteLength }
  }
  const received = () => telegram.sent(chat)

  return {
    chat,
    received,
    hears: () => received().map(({ payload }) => String(payload.text ?? payload.caption ?? '')),
    says: (text) => message({ text }),
    starts: (payload) => message({ text: payload ? `/start ${payload}` : '/start' }),
    presses(wanted) {
      const pressed = received().findLast((call) => buttonIn(call, wanted))
      const button = pressed && buttonIn(pressed, wanted)
      if (!button) throw new Error(`there is no button ${wanted}`)
      if (button.callback_data === undefined) return message({ text: button.text })
      const below = { message_id: 1, date: now(), chat: place, reply_markup: pressed.payload.reply_markup }
      return telegram.push({
        callback_query: { id: `${chat}-${++messageId}`, from, message: below, data: button.callback_data },
      })
    },
    sendsPhoto(bytes, { caption, album } = {}) {
      const sizes = [{ ...upload(bytes, `photos/${chat}-${messageId}.jpg`), width: 1280, height: 960 }]
      return message({ photo: sizes, ...(caption && { caption }), ...(album && { media_group_id: album }) })
    },
    sendsVoice: (bytes) =>
      message({ voice: { ...upload(bytes, `voice/${chat}-${messageId}.oga`), mime_type: 'audio/ogg', duration: 3 } }),
    sendsDocument: (bytes, fileName, mime) =>
      message({
        document: { ...upload(bytes, `documents/${chat}-${messageId}`), file_name: fileName, mime_type: mime },
      }),
    sharesPlace: (latitude, longitude) => message({ location: { latitude, longitude } }),
    sharesPhone: (phone) => message({ contact: { phone_number: phone, first_name: name, user_id: chat } }),
    blocksTheBot() {
      telegram.block(chat)
      const bot = { id: Number.parseInt(telegram.token, 10), is_bot: true, first_name: 'Canaliza' }
      return telegram.push({
        my_chat_member: {
          chat: place,
          from,
          date: now(),
          old_chat_member: { user: bot, status: 'member' },
          new_chat_member: { user: bot, status: 'kicked', until_date: 0 },
        },
      })
    },
  }
}

const buttonIn = (call: RecordedCall, wanted: string) =>
  buttonsOf(call).find(({ text, callback_data: data }) => data === wanted || text?.replace(/^\d+\. /, '') === wanted)
