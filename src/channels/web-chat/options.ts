import type { FastifyRequest } from 'fastify'
import type { Event, Events } from '../../runtime/events.ts'
import type { ChannelContext } from '../channel.ts'
import type { AllowsOrigin } from './origins.ts'
import type { PageData } from './page-routes.ts'
import type { WebChatStore } from './store.ts'
import type { Tokens } from './tokens.ts'

/** How much one network address, or one conversation, may ask of us; 0 lifts a rate. */
export interface WebChatLimits {
  /** Per minute and network address: many citizens share one (a phone company's, a school's). */
  startsPerMinute: number
  postsPerMinute: number
  readsPerMinute: number
  uploadsPerMinute: number
  /** Open WebSockets. */
  socketsPerAddress: number
  socketsPerConversation: number
  /** Files of one upload, bytes of one file, bytes of one upload. */
  files: number
  fileBytes: number
  uploadBytes: number
  /** Milliseconds between two signs of life on a WebSocket. */
  pingEvery: number
}

/** Far above what a citizen does, and what a school behind one address does. */
export const DEFAULT_LIMITS: WebChatLimits = {
  startsPerMinute: 60,
  postsPerMinute: 300,
  readsPerMinute: 1200,
  uploadsPerMinute: 60,
  socketsPerAddress: 100,
  socketsPerConversation: 5,
  files: 10,
  fileBytes: 20 << 20,
  uploadBytes: 60 << 20,
  pingEvery: 25_000,
}

/** What the web chat is made with. */
export interface WebChatOptions {
  /** SECRET_KEY: tokens are signed with a key derived from it. */
  secretKey: string
  /** PUBLIC_URL when it was set; without it addresses are made from the host that each request names. */
  publicUrl?: string | undefined
  /** Origins of the other sites that show the widget (`https://www.altamira.gob.mx`), or `*`. */
  origins?: string[] | undefined
  /** Under which the bot and the staff write. */
  names: { bot: string; staff: string }
  page: PageData
  events: Pick<Events, 'on'>
  /** Tells every process, once what it speaks of is committed. */
  publish(event: Event): Promise<void>
  limits?: Partial<WebChatLimits> | undefined
}

/** What the routes share. */
export interface WebChatParts {
  context: ChannelContext
  store: WebChatStore
  tokens: Tokens
  limits: WebChatLimits
  names: WebChatOptions['names']
  allowsOrigin: AllowsOrigin
  /** Our address as this client knows it, such as `https://chat.altamira.gob.mx`. */
  baseUrl(request: FastifyRequest): string
}

/** For a route's `config`: how often a network address may call it. */
export const perMinute = (max: number): { rateLimit: { max: number; timeWindow: number } | false } => ({
  rateLimit: max > 0 && { max, timeWindow: 60_000 },
})
