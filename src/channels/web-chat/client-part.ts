import { z } from 'zod'
import type { IncomingActivity } from './incoming-activity.ts'

const clientPart = z.object({
  event: z.string().optional(),
  from: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(),
  value: z.unknown().optional(),
  locale: z.string().optional(),
  localTimestamp: z.string().optional(),
  localTimezone: z.string().optional(),
  entities: z.array(z.looseObject({ type: z.string() })).optional(),
  channelData: z.unknown().optional(),
})

/** What a Direct Line client wants back on the stream with its own activity; kept in `InboundMessage.channelData`. */
export type ClientPart = z.infer<typeof clientPart>

/** The part to keep of an activity; `userId` is whom the token was issued to. */
export function keepClientPart(activity: IncomingActivity, userId: string | undefined): ClientPart {
  const { type, name, from, value, locale, localTimestamp, localTimezone, entities, channelData } = activity
  return {
    event: type === 'event' ? name : undefined,
    from: { id: userId ?? from?.id, name: from?.name },
    value,
    locale,
    localTimestamp,
    localTimezone,
    entities,
    channelData,
  }
}

/** The part kept with a message; an empty one for a message that was emptied. */
export function readClientPart(kept: unknown): ClientPart {
  return clientPart.parse(kept ?? {})
}
