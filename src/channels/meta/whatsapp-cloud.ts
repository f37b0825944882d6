import { z } from 'zod'
import type { MetaProfile } from '../canales.ts'
import type { ChannelContext, ChannelLimits } from '../channel.ts'
import type { OutboundMedia, SendResult } from '../message.ts'
import { readFile } from '../read-file.ts'
import {
  beforeSending,
  connect,
  download,
  type GraphPlace,
  type MetaAccount,
  type MetaChannel,
  WINDOW,
} from './account.ts'
import { fromWhatsAppCloud } from './from-whatsapp-cloud.ts'
import type { Graph } from './graph.ts'
import { blobOf } from './to-messaging.ts'
import { BODY, byTemplate, ROW_TITLE, ROWS, toWhatsAppCloud } from './to-whatsapp-cloud.ts'

/** https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput: 80 messages a second. */
const LIMITS: ChannelLimits = {
  text: BODY,
  caption: 1024,
  options: { max: ROWS, title: ROW_TITLE },
  links: 'text',
  wordless: ['voice', 'audio'],
  bareFiles: true,
  rate: 80,
  conversationPause: 0,
  quiet: 1200,
  idempotentSend: false,
  windowMs: WINDOW,
}

/** Only the id is read; what was sent is sent, whatever else the answer holds. */
const sent = z
  .object({ messages: z.array(z.object({ id: z.string() })) })
  .optional()
  .catch(undefined)

const uploaded = z.object({ id: z.string() })

const located = z.object({ url: z.string() })

/** An id of ours as a part of an address; Meta's are digits. */
const segment = (id: string) => encodeURIComponent(id)

/** A number of the WhatsApp Cloud API as a channel; outside the window it speaks by a template, if the settings name one. */
export function createWhatsAppCloud(
  account: MetaAccount,
  place: GraphPlace,
  context: ChannelContext,
  profile: MetaProfile,
): MetaChannel {
  const { graph, health, check } = connect(account, place, context)
  const number = segment(account.id)
  const say = async (body: object, signal: AbortSignal): Promise<SendResult> => {
    const [first] = (await graph.post(`${number}/messages`, body, sent, signal))?.messages ?? []
    return first ? { providerId: first.id } : {}
  }
  return {
    id: account.id,
    read: fromWhatsAppCloud,
    channel: {
      name: 'whatsapp-cloud',
      account: account.account,
      limits: { ...LIMITS, ...(account.rate !== undefined && { rate: account.rate }) },
      health,
      check,
      async send({ to, message }, signal) {
        const media = message.media && (await upload(graph, number, context, message.media, signal))
        return say(toWhatsAppCloud(to, message, profile, media), signal)
      },
      outsideWindow({ to, message }) {
        const body = profile.plantilla && byTemplate(to, message, profile.plantilla)
        return body && ((signal) => say(body, signal))
      },
      async fetchMedia({ ref }, signal) {
        const { url } = await graph.get(segment(ref), located, signal)
        return download(graph, url, signal, true)
      },
    },
  }
}

async function upload(
  graph: Graph,
  number: string,
  context: ChannelContext,
  media: OutboundMedia,
  signal: AbortSignal,
): Promise<string> {
  const form = new FormData()
  form.append('messaging_product', 'whatsapp')
  form.append('type', media.mime)
  form.append('file', blobOf({ media, bytes: await readFile(context, media.key) }), media.fileName)
  return (await beforeSending(graph.post(`${number}/media`, form, uploaded, signal))).id
}
