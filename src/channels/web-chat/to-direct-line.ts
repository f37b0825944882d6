import type { Activity, Attachment, CardAction, ChannelAccount } from 'botframework-schema'
import type { MediaRef, Option, OutboundMessage } from '../message.ts'
import { numberedLabel } from '../split-message.ts'
import { readClientPart } from './client-part.ts'
import { clientName, named, outboundActivityId, theStart } from './ids.ts'
import type { StoredInbound, StoredOutbound } from './store.ts'

type Whole = Omit<Activity, 'from' | 'conversation' | 'localTimestamp'>

/** An activity as it travels: JSON leaves out what is undefined. */
export type SentActivity = { [Key in keyof Whole]?: Whole[Key] | undefined } & {
  from?: { [Key in keyof ChannelAccount]?: ChannelAccount[Key] | undefined }
  conversation?: { id: string }
  localTimestamp?: string | undefined
}

/** Stands for what a citizen wrote and was emptied: their client still waits to see that it arrived. */
export const EMPTIED = '•••'

/** What the activities of one conversation need beside the rows. */
export interface Shown {
  conversationId: string
  /** The names under which the bot and the staff write. */
  names: { bot: string; staff: string }
  /** The address of file number `index` of a message; loads without a header. */
  fileUrl(messageId: number, index: number): string
}

/** A stored message as Direct Line shows it; undefined for what clients never see (an emptied reply, a start that no client posted). */
export function toDirectLine(message: StoredInbound | StoredOutbound, shown: Shown): SentActivity | undefined {
  const common = {
    channelId: 'directline',
    conversation: { id: shown.conversationId },
    timestamp: message.at,
  }
  const own = message.direction === 'in' ? citizens(message, shown) : ours(message, shown)
  return own && { ...common, ...own }
}

/** The citizen's own activity, back with its `channelData` and the id that its post was answered with. */
function citizens(message: StoredInbound, shown: Shown): SentActivity | undefined {
  const name = clientName(message.externalId)
  const emptied = Object.keys(message.body).length === 0
  const { event, from, channelData, localTimestamp, ...kept } = readClientPart(message.body.channelData)
  if (name === undefined && event === undefined) return undefined
  const { activityId } = name === undefined ? theStart(shown.conversationId) : named(shown.conversationId, name)
  const text = emptied ? EMPTIED : message.body.text
  const attachments = (message.body.media ?? []).map((file, index) => upload(shown.fileUrl(message.id, index), file))
  return {
    ...kept,
    type: event === undefined ? 'message' : 'event',
    name: event,
    id: activityId,
    from: { ...from, role: 'user' },
    text,
    textFormat: text === undefined ? undefined : 'plain',
    localTimestamp,
    replyToId: message.body.replyTo,
    attachments: attachments.length > 0 ? attachments : undefined,
    channelData: emptied ? { clientActivityID: name } : channelData,
  }
}

function ours(message: StoredOutbound, shown: Shown): SentActivity | undefined {
  const { text, media, link, options, replyTo, requestLocation, requestContact } = message.body
  if (Object.keys(message.body).length === 0) return undefined
  const attachments = [
    ...(media ? [attachment(shown.fileUrl(message.id, 0), media.mime, media.fileName)] : []),
    ...(link ? [linkCard(link)] : []),
  ]
  return {
    type: 'message',
    id: outboundActivityId(shown.conversationId, message.id),
    from: {
      ...(message.staff ? { id: 'staff', name: shown.names.staff } : { id: 'bot', name: shown.names.bot }),
      role: 'bot',
    },
    text,
    // Nothing of ours is Markdown, and a citizen's words that we repeat must not become it.
    textFormat: text === undefined ? undefined : 'plain',
    attachments: attachments.length > 0 ? attachments : undefined,
    suggestedActions: options && { to: [], actions: options.map(button) },
    replyToId: replyTo,
    channelData: {
      ...(message.staff && { staff: true }),
      ...(requestLocation && { requestLocation }),
      ...(requestContact && { requestContact }),
    },
  }
}

/** Pressed in Web Chat it posts our label as text and our option's id as `value`; our own widget reads `channelData.choice`. */
function button(option: Option, index: number): CardAction {
  return {
    type: 'messageBack',
    title: numberedLabel(option, index),
    text: option.label,
    displayText: option.label,
    value: option.id,
    channelData: { choice: { id: option.id, label: option.label } },
  }
}

/** Web Chat shows a user's own picture only by its thumbnail. */
const upload = (contentUrl: string, { kind, mime, fileName }: MediaRef): Attachment => ({
  ...attachment(contentUrl, mime, fileName),
  ...(kind === 'image' && { thumbnailUrl: contentUrl }),
})

const attachment = (contentUrl: string, contentType = 'application/octet-stream', name?: string): Attachment => ({
  contentType,
  contentUrl,
  ...(name && { name }),
})

const linkCard = (link: NonNullable<OutboundMessage['link']>): Attachment => ({
  contentType: 'application/vnd.microsoft.card.hero',
  content: { buttons: [{ type: 'openUrl', title: link.label, value: link.url }] },
})
