import { z } from 'zod'
import type { ChannelContext } from '../channel.ts'
import type { SavePublic } from '../public-post.ts'
import type { MetaChannel } from './account.ts'
import { moment } from './public-events.ts'
import { type Arrival, joinReadings, type Reading, reading } from './reading.ts'

/** What Meta posts: several accounts' events at once, https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications */
export const webhookBody = z.object({
  object: z.string(),
  entry: z.array(
    z.object({
      id: z.string().optional().catch(undefined),
      /** When Meta sent it. */
      time: moment.optional().catch(undefined),
      messaging: z.array(z.unknown()).default([]),
      standby: z.array(z.unknown()).default([]),
      changes: z.array(z.unknown()).default([]),
    }),
  ),
})

export type WebhookBody = z.output<typeof webhookBody>
type Entry = WebhookBody['entry'][number]

/** The channel whose events come as each kind of object. */
const CHANNELS: Record<string, string> = {
  page: 'messenger',
  instagram: 'instagram',
  whatsapp_business_account: 'whatsapp-cloud',
}

const phoneOf = z.object({ value: z.object({ metadata: z.object({ phone_number_id: z.string() }) }) })

/** What a body says to our accounts, in its order; what is for nobody of ours is `ignored`. */
export function readWebhook({ object, entry }: WebhookBody, accounts: MetaChannel[], now: Date): Reading {
  const ours = accounts.filter(({ channel }) => channel.name === CHANNELS[object])
  const readBy = (id: string | undefined, read: (account: MetaChannel, arrival: Arrival) => Reading): Reading => {
    const account = ours.find((one) => one.id === id)
    if (!account) return reading({ ignored: ['for an account that is not configured'] })
    const { name, account: named } = account.channel
    return read(account, { channel: name, account: named, self: account.id, now })
  }
  const to = (id: string | undefined, event: unknown, standby = false): Reading =>
    readBy(id, (account, arrival) => account.read(event, arrival, standby))
  const readEntry = ({ id, time, messaging, standby, changes }: Entry): Reading[] => [
    ...messaging.map((event) => to(id, event)),
    ...standby.map((event) => to(id, event, true)),
    ...changes.map((change) => {
      if (object === 'whatsapp_business_account') {
        return to(phoneOf.safeParse(change).data?.value.metadata.phone_number_id, change)
      }
      const ignored = () => reading({ ignored: ['a change of a page'] })
      return readBy(id, (account, arrival) => account.readPublic?.(change, time ?? now, arrival) ?? ignored())
    }),
  ]
  return joinReadings(entry.flatMap(readEntry))
}

/** Stores a body's messages and what was said in public, and notes its receipts; resolves after the commits, and rejects when the database is away. */
export async function receive(
  body: WebhookBody,
  accounts: MetaChannel[],
  context: ChannelContext,
  savePublic: SavePublic,
): Promise<void> {
  const { messages, receipts, posts, ignored } = readWebhook(body, accounts, context.now())
  for (const reason of ignored)
    context.log.info({ channel: 'meta', object: body.object, reason }, 'an event was ignored')
  if (messages.length > 0) await context.saveInbound(messages)
  if (posts) await savePublic(posts)
  await Promise.all(receipts.map(context.saveReceipt))
}
