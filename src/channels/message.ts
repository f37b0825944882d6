/**
 * What a message is made of, whatever platform it came from or goes to. An `echo` is what somebody of ours said to the person in the
 * platform's own app: the bot is silent from then on. By `returned` they gave the conversation back there.
 */
export type MessageKind =
  | 'text'
  | 'choice'
  | 'image'
  | 'voice'
  | 'audio'
  | 'video'
  | 'document'
  | 'sticker'
  | 'location'
  | 'contact'
  | 'edit'
  | 'delete'
  | 'reaction'
  | 'start'
  | 'blocked'
  | 'unblocked'
  | 'echo'
  | 'returned'
  | 'unsupported'

/** The kinds of file a citizen may send or receive. */
export type MediaKind = 'image' | 'voice' | 'audio' | 'video' | 'document' | 'sticker'

/** A file that a platform holds for us; `ref` is opaque to everyone but the channel that made it. */
export interface MediaRef {
  /** Id of our row in `attachment`; absent until the message is handled. */
  attachmentId?: string
  kind: MediaKind
  /** What the channel's `fetchMedia` needs to get the bytes (a Telegram file_id, a stored upload's key…). */
  ref: string
  mime?: string
  fileName?: string
  /** Size in bytes as the platform tells it; not to be trusted. */
  bytes?: number
  /** Seconds, for voice, audio and video. */
  duration?: number
}

/** A point on the map, WGS 84 degrees; `name` and `address` come with a venue. */
export interface Place {
  latitude: number
  longitude: number
  name?: string
  address?: string
}

/** A contact card; `own` when the platform vouches that it is the sender's own number. */
export interface ContactCard {
  name?: string
  phone: string
  own: boolean
}

/** The press of a button or quick reply: `id` is the option's id as we sent it. */
export interface Choice {
  id: string
  label?: string
}

/** Who wrote, as the platform names them. */
export interface Sender {
  /** The address to answer to; unique within (channel, account). */
  address: string
  name?: string
  /** BCP 47, as the platform tells it. */
  language?: string
  /** E.164, when the platform vouches for it; never what a person is known by. */
  phone?: string
}

/** What an adapter makes of a platform's payload: it knows no flow and no petition. */
export interface InboundMessage {
  channel: string
  account: string
  /** Unique within (channel, account): a second one with the same id is a redelivery. */
  externalId: string
  from: Sender
  kind: MessageKind
  text?: string
  choice?: Choice
  media?: MediaRef[]
  location?: Place
  contact?: ContactCard
  /** Provider id of the message this one answers, edits, deletes or reacts to. */
  replyTo?: string
  /** Messages with the same group (an album) are one turn. */
  group?: string
  /** When the platform says it was sent. */
  sentAt: Date
  /** The platform's id of the message itself, to edit, quote or mark as read. */
  providerId?: string
  /** What the platform's own client wants back unchanged (Direct Line's `channelData`). */
  channelData?: unknown
}

/** An answer the citizen can press; in channels without buttons it is a line of a numbered list. */
export interface Option {
  /** At most 64 bytes in UTF-8 (Telegram's `callback_data`). */
  id: string
  label: string
}

/** A file of ours to send; `key` is its place in the storage. */
export interface OutboundMedia {
  kind: MediaKind
  key: string
  mime: string
  fileName: string
}

/** What the conversation wants said; it knows no platform. */
export interface OutboundMessage {
  text?: string
  options?: Option[]
  media?: OutboundMedia
  /** Offer the platform's own way of sharing a place or the own phone number, with these button labels. */
  requestLocation?: string
  requestContact?: string
  /** Provider id of the message being answered. */
  replyTo?: string
  /** A link button (a notice's follow-up page). */
  link?: { label: string; url: string }
  /** Says nothing: from here on a person answers in the platform's own inbox, where a channel has one (`handsOver`). */
  handOver?: true
}

/** An outbound message on its way to one address. */
export interface Delivery {
  /** Our message's row id: the idempotency key where the platform has one. */
  id: string
  to: string
  message: OutboundMessage
  /** A member of the staff wrote it. */
  byStaff?: true
}

/** What the platform said of a send. */
export interface SendResult {
  providerId?: string
}
