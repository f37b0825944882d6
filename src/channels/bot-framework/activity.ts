import type { Activity } from 'botbuilder'
import { z } from 'zod'

// https://github.com/microsoft/botframework-sdk/blob/main/specs/botframework-activity/botframework-activity.md, reduced to what is
// read; fields we do not name are ignored.

/** Clients of other languages send null for what is not there. */
const maybe = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .catch(undefined)

const id = z.string().min(1).max(1024)

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const party = z.object({ id, name: maybe(z.string().max(500)), role: maybe(z.string().max(50)) })

const attachment = z.object({
  contentType: z.string(),
  contentUrl: maybe(z.string()),
  content: z.unknown().optional(),
  name: maybe(z.string().max(500)),
})

/** What every activity needs to be believed and answered. A channel's name is a word; some sub-channels follow a colon. */
const envelope = {
  type: z.string().min(1).max(64),
  channelId: z.string().regex(/^[\w.:-]{1,64}$/, 'expected the name of a channel'),
  serviceUrl: z.url({ protocol: /^https?$/, error: 'expected an address of a service' }).max(2000),
  conversation: z.object({
    id,
    isGroup: maybe(z.boolean()),
    conversationType: maybe(z.string().max(50)),
    tenantId: maybe(z.string().max(200)),
  }),
}

/** An activity as a channel posts it; what of it is not as documented is as if it were not there. */
export const activitySchema = z.object({
  ...envelope,
  id: maybe(id),
  timestamp: maybe(moment),
  from: maybe(party),
  recipient: maybe(party),
  locale: maybe(z.string().max(35)),
  text: maybe(z.string()),
  textFormat: maybe(z.string().max(20)),
  attachments: maybe(z.array(attachment.nullable().catch(null)).max(50)),
  entities: maybe(z.array(z.unknown()).max(100)),
  value: z.unknown().optional(),
  name: maybe(z.string().max(200)),
  action: maybe(z.string().max(50)),
  replyToId: maybe(id),
  membersAdded: maybe(z.array(party).max(500)),
  membersRemoved: maybe(z.array(party).max(500)),
  reactionsAdded: maybe(z.array(z.object({ type: z.string().max(100) })).max(20)),
  channelData: maybe(z.looseObject({})),
})

/** An activity of the Bot Framework, checked. */
export type Incoming = z.output<typeof activitySchema>
/** One of its files or cards. */
export type IncomingAttachment = NonNullable<NonNullable<Incoming['attachments']>[number]>

/** What the SDK reads of an activity to believe it and to take its turn, in its own type. */
export function forSdk({ type, channelId, serviceUrl, conversation, recipient }: Incoming): Activity {
  const party = { id: recipient?.id ?? '', name: recipient?.name ?? '' }
  return {
    type,
    channelId,
    serviceUrl,
    conversation: { id: conversation.id, name: '', isGroup: false, conversationType: '' },
    recipient: party,
    from: { id: '', name: '' },
    text: '',
    label: '',
    valueType: '',
    listenFor: [],
    localTimezone: '',
    callerId: '',
  }
}
