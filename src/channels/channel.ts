import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Role } from '../runtime/variables.ts'
import type { Delivery, InboundMessage, MediaKind, MediaRef, OutboundMessage, SendResult } from './message.ts'
import type { HasPublicPosts } from './public-post.ts'
import type { SendError } from './send-error.ts'

/** What a platform can show and how fast it lets us speak. */
export interface ChannelLimits {
  /** Characters of a text message, and of a caption. */
  text: number
  caption: number
  /** How options appear: as buttons (at most `max`, titles of at most `title` characters), or as a numbered list in the text. */
  options: { max: number; title: number } | 'numbered'
  /** `text`: a link is written out; otherwise it is a button, where options are. */
  links?: 'text'
  /** Kinds of file, beside stickers, that carry no words of their own: those follow. */
  wordless?: readonly MediaKind[]
  /** Nothing can be pressed below a file: what can be, has a text of its own. */
  bareFiles?: true
  /** A conversation that a person takes over is passed to the platform's own inbox, after what was said. */
  handsOver?: true
  /** Messages a second for the whole account; 0 means no limit. */
  rate: number
  /** Milliseconds between two messages to one conversation; 0 means none. */
  conversationPause: number
  /** Milliseconds of quiet to wait for on free-text steps, so that a burst is one turn; 0 means none. */
  quiet: number
  /** Does the platform drop a repeated send with the same id? Then an unknown outcome may be retried freely. */
  idempotentSend: boolean
  /** Milliseconds after a citizen's message in which we may write freely; what comes later waits for their next message. */
  windowMs?: number
  /** Only answers are allowed here: nothing is written unasked but to who asked for it. */
  replyOnly?: true
  /** The client reads our rows itself (the web chat): a send is a notification, and the row is kept until it was read. */
  readsRows?: true
}

/** The required part of a channel account; every extra is an interface of its own below. */
export interface Channel {
  /** `web-chat`, `telegram`, … */
  readonly name: string
  /** `default`, or a name from config/canales.yaml. */
  readonly account: string
  readonly limits: ChannelLimits
  /**
   * Makes exactly one call of the platform.
   * @throws {SendError} always that, whatever happened; `signal` aborts the call when its time is over.
   */
  send(delivery: Delivery, signal: AbortSignal): Promise<SendResult>
}

/** A channel that adds HTTP routes (webhooks, Direct Line). Called once, before the server listens. */
export interface HasRoutes {
  routes(app: FastifyInstance): Promise<void>
}

/** A channel that reads by itself (a poller, a socket); `run` ends when `signal` aborts, after what it holds is committed. */
export interface HasReceiver {
  run(signal: AbortSignal): Promise<void>
}

/** A channel whose connection one process of a role of its own holds; it receives and sends there alone. Others run in `worker`. */
export interface HasHome {
  readonly home: Role
  /** Whether this process can send now; what is to be sent waits as long as none can. */
  atHome(): boolean
}

/** A channel whose files are fetched by reference. Throws SendError; the caller limits bytes and time. */
export interface HasMedia {
  fetchMedia(
    media: MediaRef,
    signal: AbortSignal,
  ): Promise<{ body: ReadableStream<Uint8Array>; mime?: string; fileName?: string }>
}

/** A channel that keeps what was sent with a message: told, at least once, when we have a copy of our own or want none. Never throws. */
export interface HasUploads {
  releaseMedia(media: MediaRef): Promise<void>
}

/** A channel with a window, where some things may go also when it is closed. */
export interface HasOutsideWindow {
  /** How this one may go though the window is closed: by a template, or as what a person wrote. Undefined when it has to wait. */
  outsideWindow(delivery: Delivery): ((signal: AbortSignal) => Promise<SendResult>) | undefined
}

/** A channel whose messages do not name who wrote; the name is asked for apart, and is undefined when the platform does not tell it. */
export interface HasProfile {
  /** @throws {SendError} */
  profileName(address: string, signal: AbortSignal): Promise<string | undefined>
}

/** A channel that shows that we are writing. Must never throw for want of success: it is a courtesy. */
export interface HasTyping {
  typing(address: string, signal: AbortSignal): Promise<void>
}

/** A channel that needs to be told when a press was received (Telegram's spinner). */
export interface HasReceipts {
  acknowledge(message: InboundMessage, signal: AbortSignal): Promise<void>
}

/** How an account is doing, as far as one process can tell. */
export interface Health {
  ok: boolean
  /** A word for programs, such as `token-refused`. */
  code?: string
  /** A sentence for the operator. */
  detail: string
  /** When this process learnt it; absent when it knows nothing of its own, for another one reads or nothing was called yet. */
  at?: Date | undefined
}

/** Its state, for the panel and /readyz. */
export interface HasHealth {
  health(): Health
}

/** A channel that can be asked, without an effect on anybody, whether its account may work. Throws SendError when it may not. */
export interface HasCheck {
  check(signal: AbortSignal): Promise<void>
}

/** A channel with whatever else it may have: each extra is asked for before it is used. */
export type AnyChannel = Channel &
  Partial<
    HasRoutes &
      HasReceiver &
      HasHome &
      HasMedia &
      HasUploads &
      HasOutsideWindow &
      HasProfile &
      HasTyping &
      HasReceipts &
      HasHealth &
      HasCheck &
      HasPublicPosts
  >

/**
 * Stores messages durably, once each; resolves after the commit, and only then may the platform be answered.
 * Also wakes the turns of their conversations. Rejects when the database is away: then answer 503 or do not advance.
 * @returns how many were new and how many were redeliveries.
 */
export type SaveInbound = (messages: InboundMessage[]) => Promise<{ saved: number; repeated: number }>

/**
 * What a platform tells later of what it took: by its id of our message, or of all that an address was sent until a moment;
 * `failed` when it could not deliver what it had accepted.
 */
export type Receipt = { channel: string; account: string } & (
  | { providerId: string; status: 'delivered' | 'read' }
  | { address: string; until: Date; status: 'delivered' | 'read' }
  | { providerId: string; status: 'failed'; error: SendError }
)

/** Notes a receipt; never moves a state backwards. */
export type SaveReceipt = (receipt: Receipt) => Promise<void>

/** What we sent under one of the platform's ids; undefined when that is not ours, or its body was emptied. */
export type SentMessage = (channel: string, account: string, providerId: string) => Promise<OutboundMessage | undefined>

/** A small durable value of one channel account, such as a polling offset. */
export interface ChannelCursor {
  read(): Promise<string | undefined>
  write(value: string): Promise<void>
}

/** Runs `work` only while this process holds the named lease; its signal aborts when the lease is lost. */
export type WithLease = (
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
) => Promise<void>

/** A place for bytes: uploads that came with a message, and files we send. */
export interface FileStore {
  put(key: string, bytes: Uint8Array, mime: string): Promise<void>
  get(key: string): Promise<Uint8Array>
  delete(key: string): Promise<void>
}

/** What every adapter is given by main.ts. */
export interface ChannelContext {
  log: Logger
  saveInbound: SaveInbound
  saveReceipt: SaveReceipt
  cursor(channel: string, account: string): ChannelCursor
  withLease: WithLease
  files: FileStore
  now(): Date
}
