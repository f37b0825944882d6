import { z } from 'zod'
import type { MetaProfile } from '../canales.ts'
import type { ChannelContext, ChannelLimits } from '../channel.ts'
import type { Delivery, SendResult } from '../message.ts'
import { readFile } from '../read-file.ts'
import { SendError } from '../send-error.ts'
import {
  beforeSending,
  connect,
  download,
  type GraphPlace,
  type MetaAccount,
  type MetaChannel,
  WINDOW,
} from './account.ts'
import { fromInstagramPage } from './from-instagram-page.ts'
import { fromMessaging, fromStandby } from './from-messaging.ts'
import { fromPage } from './from-page.ts'
import type { Graph } from './graph.ts'
import { OTHER_APP_HOLDS_THREAD } from './graph-errors.ts'
import { instagramActs } from './instagram-acts.ts'
import { pageActs } from './page-acts.ts'
import {
  byUtilityTemplate,
  HUMAN_AGENT,
  instagramUpload,
  MOST,
  type Tag,
  TITLE,
  toInstagram,
  toMessenger,
} from './to-messaging.ts'

/** Only the id is read; what was sent is sent, whatever else the answer holds. */
const sent = z.object({ message_id: z.string() }).optional().catch(undefined)

const uploaded = z.object({ attachment_id: z.string() })

const COMMON = {
  caption: 0,
  options: { max: MOST, title: TITLE },
  links: 'text',
  conversationPause: 0,
  quiet: 1200,
  idempotentSend: false,
  windowMs: WINDOW,
} as const

/** Texts of 2000 characters; calls: https://developers.facebook.com/docs/graph-api/overview/rate-limiting#messenger */
const MESSENGER = { ...COMMON, text: 2000, rate: 300 }

/** Texts of 1000 *bytes*: as many letters as fit when each has an accent; 100 calls a second. */
const INSTAGRAM = { ...COMMON, text: 500, rate: 100 }

/** A page's Messenger as a channel. */
export function createMessenger(
  account: MetaAccount,
  place: GraphPlace,
  context: ChannelContext,
  profile: MetaProfile,
): MetaChannel {
  const connection = connect(account, place, context)
  const { graph } = connection
  return messagingChannel(
    'messenger',
    account,
    MESSENGER,
    { ...connection, context, profile },
    async (delivery, signal, tag) => {
      const { to, message } = delivery
      const file = message.media && { media: message.media, bytes: await readFile(context, message.media.key) }
      return sayTo(graph, toMessenger(to, message, file, tag), to, signal)
    },
  )
}

/** Instagram's own tokens speak to a server of their own (https://developers.facebook.com/docs/instagram-platform/overview). */
const INSTAGRAM_TOKEN = /^IG/
const INSTAGRAM_ROOT = 'https://graph.instagram.com'

/** Where a token speaks to. */
export const placeFor = (token: string, place: GraphPlace): GraphPlace =>
  INSTAGRAM_TOKEN.test(token) && place.root === 'https://graph.facebook.com'
    ? { ...place, root: INSTAGRAM_ROOT }
    : place

/** A professional account's messages as a channel, with the page's token or one of Instagram's own. */
export function createInstagram(
  account: MetaAccount,
  place: GraphPlace,
  context: ChannelContext,
  profile: MetaProfile,
): MetaChannel {
  const connection = connect(account, placeFor(account.token, place), context)
  const { graph } = connection
  return messagingChannel(
    'instagram',
    account,
    INSTAGRAM,
    { ...connection, context, profile },
    async (delivery, signal, tag) => {
      const { to, message } = delivery
      const bytes = message.media && (await readFile(context, message.media.key))
      const upload = message.media && bytes && instagramUpload({ media: message.media, bytes })
      const attachment = upload && (await beforeSending(graph.post('me/message_attachments', upload, uploaded, signal)))
      return sayTo(graph, toInstagram(to, message, attachment?.attachment_id, tag), to, signal)
    },
  )
}

/** What is said in public beside the messages: how it is read, and what can be done with it. */
const IN_PUBLIC = {
  messenger: { read: fromPage, acts: pageActs },
  instagram: { read: fromInstagramPage, acts: instagramActs },
}

type Send = (delivery: Delivery, signal: AbortSignal, tag?: Tag) => Promise<SendResult>

function messagingChannel(
  name: 'messenger' | 'instagram',
  { account, id, rate }: MetaAccount,
  limits: ChannelLimits,
  connection: ReturnType<typeof connect> & { context: ChannelContext; profile: MetaProfile },
  send: Send,
): MetaChannel {
  const { graph, health, checkWebhook, context, profile } = connection
  return {
    id,
    read: (event, arrival, standby) => (standby ? fromStandby(event, arrival) : fromMessaging(event, arrival)),
    readPublic: IN_PUBLIC[name].read,
    channel: {
      // Comments need permissions of their own: who lacks them still sends messages.
      publicPosts: IN_PUBLIC[name].acts(connection.aside, id),
      name,
      account,
      limits: {
        ...limits,
        ...(rate !== undefined && { rate }),
        ...(profile.pasar_a_bandeja && { handsOver: true as const }),
      },
      send: (delivery, signal) =>
        delivery.message.handOver ? passToInbox(graph, delivery.to, signal) : send(delivery, signal),
      outsideWindow(delivery) {
        if (delivery.byStaff) return profile.agente_humano ? (signal) => send(delivery, signal, HUMAN_AGENT) : undefined
        const { plantilla_messenger: template } = profile
        const body = name === 'messenger' && template && byUtilityTemplate(delivery.to, delivery.message, template)
        return body ? (signal) => sayTo(graph, body, delivery.to, signal) : undefined
      },
      profileName: (address, signal) => profileName(connection.aside, address, NAMES[name], signal),
      health,
      check: checkWebhook,
      fetchMedia: (media, signal) => download(graph, media.ref, signal),
      async typing(address, signal) {
        const action = { recipient: { id: address }, sender_action: 'typing_on' }
        await graph.post('me/messages', action, z.unknown(), signal).catch((error: unknown) => {
          context.log.debug({ err: error, channel: name, account }, 'a courtesy failed')
        })
      },
    },
  }
}

/** Meta's own inbox, where people answer as the page (https://developers.facebook.com/docs/messenger-platform/handover-protocol). */
const PAGE_INBOX = '263902037430900'

async function passToInbox(graph: Graph, to: string, signal: AbortSignal): Promise<SendResult> {
  const body = { recipient: { id: to }, target_app_id: PAGE_INBOX }
  await beforeSending(graph.post('me/pass_thread_control', body, z.unknown(), signal))
  return {}
}

/**
 * What tells who a person is: https://developers.facebook.com/docs/messenger-platform/identity/user-profile and
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api/user-profile, where a name
 * may be empty.
 */
const NAMES = { messenger: 'name', instagram: 'name,username' }

const shown = z.string().trim().min(1).max(200).optional().catch(undefined)
const named = z.object({ name: shown, username: shown })

async function profileName(
  graph: Graph,
  address: string,
  fields: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const person = await graph.get(`${encodeURIComponent(address)}?fields=${fields}`, named, signal)
  return person.name ?? (person.username && `@${person.username}`)
}

/** When another app holds the thread, it is taken back, and the sender tries again. */
async function sayTo(graph: Graph, body: object, to: string, signal: AbortSignal): Promise<SendResult> {
  try {
    const answer = await graph.post('me/messages', body, sent, signal)
    return answer ? { providerId: answer.message_id } : {}
  } catch (error) {
    if (error instanceof SendError && error.providerCode === `10/${OTHER_APP_HOLDS_THREAD}`) {
      await graph.post('me/take_thread_control', { recipient: { id: to } }, z.unknown(), signal)
    }
    throw error
  }
}
