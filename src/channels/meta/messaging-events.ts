import { z } from 'zod'

// https://developers.facebook.com/docs/messenger-platform/reference/webhook-events, reduced to what is read; Instagram's messaging
// events have the same form. Fields we do not name are ignored.

/** Milliseconds since 1970; beyond the year 2100 it is no date of ours. */
const unixTime = z
  .number()
  .min(0)
  .max(4_102_444_800_000)
  .transform((milliseconds) => new Date(milliseconds))

/** Ids are strings, but an app's comes as a number too. */
const id = z.union([z.string().min(1), z.int().transform(String)])

const person = z.object({ id })

const payload = z.object({
  url: z.string().optional(),
  title: z.string().optional(),
  sticker_id: id.optional(),
  coordinates: z.object({ lat: z.number().min(-90).max(90), long: z.number().min(-180).max(180) }).optional(),
})

const attachment = z.object({ type: z.string(), payload: payload.nullish() })

const referral = z.object({ ref: z.string().optional() })

const message = z.object({
  mid: z.string().min(1),
  text: z.string().optional(),
  attachments: z.array(attachment).optional(),
  quick_reply: z.object({ payload: z.string() }).optional(),
  reply_to: z.object({ mid: z.string().optional(), story: z.object({ id }).optional() }).optional(),
  is_echo: z.boolean().optional(),
  is_deleted: z.boolean().optional(),
  app_id: id.optional(),
  metadata: z.string().optional(),
})

const postback = z.object({
  mid: z.string().optional(),
  title: z.string().optional(),
  payload: z.string(),
  referral: referral.optional(),
})

const common = { sender: person, recipient: person, timestamp: unixTime }

/** One event of a kind that we read; any other kind, or one that is not as documented, does not parse. */
export const knownEvent = z.union([
  z.object({ ...common, message }),
  z.object({ ...common, postback }),
  z.object({ ...common, message_edit: z.object({ mid: z.string(), text: z.string(), num_edit: z.int().optional() }) }),
  z.object({
    ...common,
    reaction: z.object({ mid: z.string(), action: z.string(), emoji: z.string().optional() }),
  }),
  z.object({ ...common, delivery: z.object({ mids: z.array(z.string()).optional(), watermark: unixTime.optional() }) }),
  z.object({ ...common, read: z.object({ mid: z.string().optional(), watermark: unixTime.optional() }) }),
  z.object({ ...common, referral }),
  z.object({ ...common, take_thread_control: z.object({}) }),
  // https://developers.facebook.com/docs/messenger-platform/handover-protocol/pass-thread-control: told to the app that now has it.
  z.object({ ...common, pass_thread_control: z.object({}) }),
])

/** What every event of a known person has. */
export const anyEvent = z.looseObject({ sender: person, timestamp: unixTime.optional().catch(undefined) })

export type MessagingEvent = z.output<typeof knownEvent>
export type MetaMessage = z.output<typeof message>
export type MetaAttachment = z.output<typeof attachment>
export type MetaPostback = z.output<typeof postback>
