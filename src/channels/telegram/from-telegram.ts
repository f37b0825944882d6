import type { InboundMessage, Sender } from '../message.ts'
import { contentOf } from './message-content.ts'
import {
  anyContent,
  anyUpdate,
  knownUpdate,
  type TelegramChat,
  type TelegramMembership,
  type TelegramMessage,
  type TelegramPress,
  type TelegramReaction,
  type TelegramUser,
} from './updates.ts'

/** What an update came to: a message, or the reason why there is none to store. */
export type Received = { message: InboundMessage } | { ignored: string }

/** Whose update it is, and when it came to us. */
export interface Arrival {
  account: string
  now: Date
}

type Fields = Omit<InboundMessage, 'channel' | 'account' | 'externalId'>

/** The number of an update; undefined when the value is none at all. */
export function updateIdOf(update: unknown): number | undefined {
  return anyUpdate.safeParse(update).data?.update_id
}

/**
 * The neutral message of one update, never throwing. Only what people write to the bot in private counts: groups and channels
 * are other people's conversations, and are neither answered nor stored. What cannot be read of a known person is `unsupported`.
 */
export function fromTelegram(update: unknown, { account, now }: Arrival): Received {
  const id = updateIdOf(update)
  if (id === undefined) return { ignored: 'not an update' }
  const fields = readKnown(update, now) ?? readUnknown(update, now)
  if ('ignored' in fields) return fields
  return { message: { channel: 'telegram', account, externalId: String(id), ...fields } }
}

function readKnown(update: unknown, now: Date): Fields | { ignored: string } | undefined {
  const { data: known } = knownUpdate.safeParse(update)
  if (!known) return undefined
  if ('message' in known) return inPrivate(known.message.chat, () => fromMessage(known.message))
  if ('edited_message' in known) return inPrivate(known.edited_message.chat, () => fromEdit(known.edited_message))
  if ('callback_query' in known) {
    return inPrivate(known.callback_query.message?.chat, () => fromPress(known.callback_query, now))
  }
  if ('my_chat_member' in known) return inPrivate(known.my_chat_member.chat, () => fromMembership(known.my_chat_member))
  return inPrivate(known.message_reaction.chat, () => fromReaction(known.message_reaction))
}

const inPrivate = (
  chat: TelegramChat | undefined,
  read: () => Fields | { ignored: string },
): Fields | { ignored: string } => (chat && chat.type !== 'private' ? { ignored: `in a ${chat.type}` } : read())

function fromMessage(message: TelegramMessage): Fields {
  return {
    from: senderOf(message.chat, message.from),
    ...contentOf(message),
    ...(message.reply_to_message && { replyTo: String(message.reply_to_message.message_id) }),
    ...(message.media_group_id && { group: message.media_group_id }),
    sentAt: message.date,
    providerId: String(message.message_id),
  }
}

/** What the message says now; it is a new event about the old one. An edited album is not an album. */
function fromEdit(message: TelegramMessage): Fields | { ignored: string } {
  // Every few seconds, for hours: the place that was sent first is the one that was meant.
  if (message.location) return { ignored: 'a live location moving' }
  const { group: _group, ...fields } = fromMessage(message)
  return { ...fields, kind: 'edit', replyTo: String(message.message_id), sentAt: message.edit_date ?? message.date }
}

/** A press has no time of its own. `channelData` is what answers it. */
function fromPress(press: TelegramPress, now: Date): Fields {
  const pressed = press.message?.reply_markup?.inline_keyboard.flat().find((key) => key.callback_data === press.data)
  const label = pressed?.text.replace(/^\d+\. /, '')
  return {
    from: senderOf(press.message?.chat, press.from),
    kind: 'choice',
    choice: { id: press.data, ...(label && { label }) },
    ...(press.message && { replyTo: String(press.message.message_id) }),
    sentAt: now,
    channelData: { callbackQueryId: press.id },
  }
}

/** In a private chat, `kicked` means blocked (https://core.telegram.org/bots/api#chatmemberupdated). */
function fromMembership({ chat, from, date, new_chat_member: member }: TelegramMembership): Fields {
  return { from: senderOf(chat, from), kind: member.status === 'kicked' ? 'blocked' : 'unblocked', sentAt: date }
}

/** The emojis that are on the message now; none when the reaction was taken back. */
function fromReaction(reaction: TelegramReaction): Fields {
  const emojis = reaction.new_reaction.map(({ emoji }) => emoji ?? '').join('')
  return {
    from: senderOf(reaction.chat, reaction.user),
    kind: 'reaction',
    ...(emojis && { text: emojis }),
    replyTo: String(reaction.message_id),
    sentAt: reaction.date,
  }
}

function senderOf(chat: TelegramChat | undefined, user: TelegramUser | undefined): Sender {
  const name = [user?.first_name, user?.last_name].filter(Boolean).join(' ')
  return {
    address: String(chat?.id ?? user?.id),
    ...(name && { name }),
    ...(user?.language_code && { language: user.language_code }),
  }
}

/** A business account's chats are its own; the bot is no party to them. */
const OTHERS_CHATS = /business/

function readUnknown(update: unknown, now: Date): Fields | { ignored: string } {
  const [kind, value] = Object.entries(anyUpdate.parse(update)).find(([name]) => name !== 'update_id') ?? []
  const { data: content } = anyContent.safeParse(value)
  const user = content?.from ?? content?.user
  const chat = content?.chat ?? content?.message?.chat
  if (!kind || !content || (!user && !chat)) return { ignored: 'from nobody we could answer' }
  if (OTHERS_CHATS.test(kind)) return { ignored: 'in a business chat' }
  return inPrivate(chat, () => ({
    from: senderOf(chat, user),
    kind: 'unsupported',
    sentAt: content.date ?? now,
  }))
}
