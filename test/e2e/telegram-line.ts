import { buttonsOf } from '../fakes/telegram/calls.ts'
import { createTelegramCitizen } from '../fakes/telegram-citizen.ts'
import type { FakeTelegram } from '../fakes/telegram-server.ts'
import type { Line } from './citizen.ts'

/** A citizen on Telegram, as its Bot API sees them. */
export function openTelegramLine(telegram: FakeTelegram, chat: number): Line {
  const citizen = createTelegramCitizen(telegram, { chat, name: 'Vecina' })
  return {
    channel: 'Telegram',
    write: async (text) => citizen.says(text),
    press: async (label) => citizen.presses(label),
    photo: async (bytes) => citizen.sendsPhoto(bytes),
    received: () =>
      citizen.received().map((call) => ({
        text: String(call.payload.text ?? call.payload.caption ?? ''),
        buttons: buttonsOf(call).map(({ text = '', url }) => (url ? `${text} → ${url}` : text)),
      })),
    close: async () => undefined,
  }
}
