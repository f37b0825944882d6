/**
 * What the widget and the Direct Line server say to each other, as far as the widget reads it (botbuilder's `Activity`,
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference), and the widget's own shapes.
 * Types only: browsers never load this file.
 */

/** The press of an option, as it travels in `channelData.choice`. */
export interface Choice {
  id: string
  label: string
}

/** WGS 84 degrees; `accuracy` in metres when a device measured it. Travels in `channelData.location`. */
export interface Place {
  latitude: number
  longitude: number
  accuracy?: number
}

/** What Direct Line gives back unchanged beside the activity. */
export interface ChannelData {
  /** Made here, one per message: the server stores a repeated one only once and echoes it on the stream. */
  clientActivityID?: string
  choice?: Choice
  location?: Place
  /** On a bot's message: the words of a button that shares the place. */
  requestLocation?: string
}

/** A button: `openUrl` has the address in `value`; for the others `channelData.choice` (or a string `value`) is the option's id. */
export interface CardAction {
  type: string
  title: string
  value?: unknown
  channelData?: ChannelData
}

/** A file, or (contentType `application/vnd.microsoft.card.hero`) a card with buttons. */
export interface Attachment {
  contentType: string
  /** `https:` or of the server itself; must load without a header (signed). */
  contentUrl?: string
  thumbnailUrl?: string
  name?: string
  content?: { text?: string; buttons?: CardAction[] }
}

/** One entry of the conversation. */
export interface Activity {
  type: string
  id?: string
  timestamp?: string
  from: { id?: string; name?: string; role?: string }
  text?: string
  name?: string
  locale?: string
  textFormat?: string
  suggestedActions?: { actions: CardAction[] }
  attachments?: Attachment[]
  channelData?: ChannelData
}

/** A page of the conversation, by GET and in a frame of the WebSocket. */
export interface ActivitySet {
  activities: Activity[]
  watermark?: string
}

/** The answer to creating, reconnecting and refreshing; `expires_in` in seconds. */
export interface ConversationGrant {
  conversationId: string
  token: string
  expires_in?: number
  streamUrl?: string
  /** Our server's own: buys a new token long after this one expired. */
  resumeToken?: string
}

/** What is kept in the browser to resume; `renewAt` in milliseconds since 1970. */
export interface Session {
  conversationId: string
  token: string
  resumeToken?: string
  renewAt: number
}

/** The part of `Storage` we use; never throws. */
export interface Store {
  get(key: string): string | null
  set(key: string, value: string): void
  remove(key: string): void
  keys(prefix: string): string[]
}

/** How the site that embeds us wants us, from the script's `data-` attributes. */
export interface Settings {
  /** Where the server is, with a trailing slash. */
  base: string
  title: string
  colour: string
  open: boolean
  position: 'right' | 'left'
  mode: 'bubble' | 'page'
  lang: string
  /** As `lang`, with the country whose way of writing dates and numbers is meant. */
  locale: string
  /** The privacy notice, or empty. */
  privacyUrl: string
}

/** What the connection is doing, for the strip above the composer. */
export type ConnectionStatus = 'connecting' | 'online' | 'offline' | 'ended' | 'refused'

/** Where a message of ours is on its way. `lost`: its files did not survive a reload. */
export type DeliveryStatus = 'sending' | 'sent' | 'failed' | 'lost'

/** A message of ours until the server has shown it on the stream. */
export interface Outgoing {
  id: string
  activity: Activity
  files: File[]
  status: DeliveryStatus
  /** Share of the bytes that left, 0–1; only while files are sent. */
  progress?: number
  /** Why it can never be sent as it is: a key of the words. */
  reason?: 'refusedMessage' | 'tooLarge' | 'wrongKind'
  /** May the very same be tried again? */
  canRetry: boolean
  createdAt: number
}
