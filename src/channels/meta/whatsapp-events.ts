import { z } from 'zod'

// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components, reduced to what is read; fields we do not name are
// ignored.

/** Seconds since 1970, as a string; beyond the year 2100 it is no date of ours. */
const unixTime = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform((seconds) => new Date(Number(seconds) * 1000))

const file = z.object({
  id: z.string().min(1),
  mime_type: z.string().optional(),
  caption: z.string().optional(),
  filename: z.string().optional(),
  voice: z.boolean().optional(),
})

const place = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: z.string().optional(),
  address: z.string().optional(),
})

const card = z.object({
  name: z.object({ formatted_name: z.string().optional() }).optional(),
  phones: z.array(z.object({ phone: z.string(), wa_id: z.string().optional() })).default([]),
})

const pressed = z.object({ id: z.string(), title: z.string().optional() })

const text = z.object({ body: z.string() })

/** What a message of each type says; of any other type, or not as documented, it does not parse. */
export const knownContent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text }),
  z.object({ type: z.literal('image'), image: file }),
  z.object({ type: z.literal('audio'), audio: file }),
  z.object({ type: z.literal('video'), video: file }),
  z.object({ type: z.literal('document'), document: file }),
  z.object({ type: z.literal('sticker'), sticker: file }),
  z.object({ type: z.literal('location'), location: place }),
  z.object({ type: z.literal('contacts'), contacts: z.array(card), origin: z.string().optional() }),
  z.object({
    type: z.literal('interactive'),
    interactive: z.object({ button_reply: pressed.optional(), list_reply: pressed.optional() }),
  }),
  z.object({ type: z.literal('button'), button: z.object({ payload: z.string(), text: z.string().optional() }) }),
  z.object({
    type: z.literal('reaction'),
    reaction: z.object({ message_id: z.string(), emoji: z.string().optional() }),
  }),
  z.object({
    type: z.literal('edit'),
    edit: z.object({ original_message_id: z.string(), message: z.object({ text }).optional().catch(undefined) }),
  }),
  z.object({ type: z.literal('revoke'), revoke: z.object({ original_message_id: z.string() }) }),
  z.object({ type: z.literal('request_welcome') }),
])

/** What every message has. Either of the two names of who wrote may be missing. */
export const anyMessage = z.looseObject({
  id: z.string().min(1),
  type: z.string(),
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  to: z.string().optional(),
  to_user_id: z.string().optional(),
  timestamp: unixTime.optional().catch(undefined),
  context: z.object({ id: z.string().optional() }).optional().catch(undefined),
  group_id: z.string().optional(),
})

/** Somebody's profile. */
export const contact = z.object({
  profile: z.object({ name: z.string().optional() }).optional(),
  wa_id: z.string().optional(),
  user_id: z.string().optional(),
})

/** What became of a message of ours. */
export const anyStatus = z.object({
  id: z.string().min(1),
  status: z.string(),
  errors: z.array(z.unknown()).default([]),
})

/** One change of a WhatsApp Business account. */
export const change = z.object({
  field: z.string(),
  value: z.object({
    contacts: z.array(z.unknown()).default([]),
    messages: z.array(z.unknown()).default([]),
    message_echoes: z.array(z.unknown()).default([]),
    statuses: z.array(z.unknown()).default([]),
  }),
})

export type WhatsAppContent = z.output<typeof knownContent>
export type WhatsAppMessage = z.output<typeof anyMessage>
export type WhatsAppFile = z.output<typeof file>
export type WhatsAppContact = z.output<typeof contact>
