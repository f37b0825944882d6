import { z } from 'zod'

// https://core.telegram.org/bots/api#available-types, reduced to what is read; fields we do not name are ignored.

/** The kinds of update we ask for; what else Telegram may send has nothing for a citizen's conversation. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction']

/** Seconds since 1970; beyond the year 2100 it is no date of ours. */
const unixTime = z
  .int()
  .min(0)
  .max(4_102_444_800)
  .transform((seconds) => new Date(seconds * 1000))

const user = z.object({
  id: z.int(),
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  language_code: z.string().optional(),
})

const chat = z.object({ id: z.int(), type: z.string() })

const file = z.object({
  file_id: z.string(),
  file_size: z.number().optional(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
  duration: z.number().optional(),
})

const photoSize = z.object({ ...file.shape, width: z.number(), height: z.number() })

const sticker = z.object({
  ...file.shape,
  emoji: z.string().optional(),
  is_animated: z.boolean().optional(),
  is_video: z.boolean().optional(),
})

const location = z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })

const message = z.object({
  message_id: z.int(),
  date: unixTime,
  edit_date: unixTime.optional(),
  chat,
  from: user.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  media_group_id: z.string().optional(),
  reply_to_message: z.object({ message_id: z.int() }).optional(),
  photo: z.array(photoSize).min(1).optional(),
  voice: file.optional(),
  audio: file.optional(),
  video: file.optional(),
  video_note: file.optional(),
  animation: file.optional(),
  document: file.optional(),
  sticker: sticker.optional(),
  location: location.optional(),
  venue: z.object({ location, title: z.string(), address: z.string() }).optional(),
  contact: z
    .object({
      phone_number: z.string(),
      first_name: z.string(),
      last_name: z.string().optional(),
      user_id: z.int().optional(),
    })
    .optional(),
})

const button = z.object({ text: z.string(), callback_data: z.string().optional() })

const callbackQuery = z.object({
  id: z.string(),
  from: user,
  data: z.string(),
  message: z
    .object({
      message_id: z.int(),
      chat,
      reply_markup: z.object({ inline_keyboard: z.array(z.array(button)) }).optional(),
    })
    .optional(),
})

const myChatMember = z.object({
  chat,
  from: user,
  date: unixTime,
  new_chat_member: z.object({ status: z.string() }),
})

const messageReaction = z.object({
  chat,
  message_id: z.int(),
  user: user.optional(),
  date: unixTime,
  new_reaction: z.array(z.object({ type: z.string(), emoji: z.string().optional() })),
})

/** One update of a kind that we read; any other kind, or one that is not as documented, does not parse. */
export const knownUpdate = z.union([
  z.object({ update_id: z.int(), message }),
  z.object({ update_id: z.int(), edited_message: message }),
  z.object({ update_id: z.int(), callback_query: callbackQuery }),
  z.object({ update_id: z.int(), my_chat_member: myChatMember }),
  z.object({ update_id: z.int(), message_reaction: messageReaction }),
])

/** The one thing every update has. */
export const anyUpdate = z.looseObject({ update_id: z.int() })

/** Who may be behind content that we cannot read. */
export const anyContent = z.object({
  chat: chat.optional(),
  from: user.optional(),
  user: user.optional(),
  date: unixTime.optional().catch(undefined),
  message: z.object({ chat }).optional().catch(undefined),
})

export type TelegramUser = z.output<typeof user>
export type TelegramChat = z.output<typeof chat>
export type TelegramFile = z.output<typeof file>
export type TelegramMessage = z.output<typeof message>
export type TelegramPress = z.output<typeof callbackQuery>
export type TelegramMembership = z.output<typeof myChatMember>
export type TelegramReaction = z.output<typeof messageReaction>
