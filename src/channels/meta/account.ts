import { z } from 'zod'
import type { AnyChannel, ChannelContext } from '../channel.ts'
import { SendError } from '../send-error.ts'
import { createGraph, type Graph } from './graph.ts'
import { createHealth, type MetaHealth } from './health.ts'
import type { Arrival, Reading } from './reading.ts'
import { isSubscribed } from './subscribed.ts'

/** One page, professional account or telephone number. */
export interface MetaAccount {
  /** `default`, or a name from config/canales.yaml. */
  account: string
  /** The id that Meta knows it by: of the page, the account, or the telephone number. */
  id: string
  /** Never logged. */
  token: string
  /** Messages a second, instead of Meta's; 0 lifts the limit. */
  rate?: number | undefined
}

/** Where the Graph API is. */
export interface GraphPlace {
  /** `https://graph.facebook.com` */
  root: string
  /** `v26.0` */
  version: string
}

/** Milliseconds a citizen may write after which only notices of certain kinds may go: Meta's window of 24 hours. */
export const WINDOW = 24 * 60 * 60 * 1000

/** A channel account of Meta's, and how what the webhook brings for it is read. */
export interface MetaChannel {
  channel: AnyChannel
  /** As in the webhook. */
  id: string
  /** Reads one event of Messenger or Instagram, or one change of WhatsApp; `standby` when another app has to answer. */
  read(event: unknown, arrival: Arrival, standby: boolean): Reading
  /** Reads one change of the page or of the Instagram account: what is said there in public. */
  readPublic?(change: unknown, at: Date, arrival: Arrival): Reading
}

/** The client and the health of one account, and how Meta is asked whether the token still opens it. */
export function connect({ id, token }: MetaAccount, place: GraphPlace, context: ChannelContext) {
  const health = createHealth(context.now)
  const graph = createGraph({ ...place, token, now: context.now, outcome: health.note })
  const aside = createGraph({ ...place, token, now: context.now, outcome: () => undefined })
  const check = async (signal: AbortSignal) => {
    await graph.get(`${encodeURIComponent(id)}?fields=id`, z.unknown(), signal)
  }
  return {
    graph,
    /** For what may be refused without anything being wrong with the account. */
    aside,
    health: (): MetaHealth => health.current(),
    check,
    /** As `check`, and looks whether Meta was asked to deliver the messages. */
    async checkWebhook(signal: AbortSignal) {
      await check(signal)
      const subscribed = await isSubscribed(aside, signal)
      if (subscribed !== undefined) health.subscribed(subscribed)
    },
  }
}

/** Bytes and type of a file that Meta serves. */
export async function download(graph: Graph, address: string, signal: AbortSignal, withToken = false) {
  const response = await graph.download(address, signal, { withToken })
  const mime = response.headers.get('content-type')
  return {
    body: response.body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() }),
    ...(mime && { mime }),
  }
}

/**
 * What has to be done before a message is sent: when nobody knows how that ended, the message itself has not gone all the same.
 * @throws {SendError}
 */
export async function beforeSending<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof SendError) || !error.outcomeUnknown) throw error
    const { code, message, retryable, scope, providerCode } = error
    throw new SendError(code, message, { retryable, scope, cause: error, ...(providerCode && { providerCode }) })
  }
}
