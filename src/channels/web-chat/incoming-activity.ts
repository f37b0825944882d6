import { z } from 'zod'

/** Characters of a citizen's message. */
export const LONGEST_TEXT = 8000

const DEEPEST = 16

/** Clients of other languages send null for what is not there. */
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined)

const shallow = (value: unknown, depth = 0): boolean => {
  if (typeof value !== 'object' || value === null) return true
  return depth < DEEPEST && Object.values(value).every((part) => shallow(part, depth + 1))
}
const anything = z.unknown().refine((value) => shallow(value), `nested more than ${DEEPEST} deep`)

const id = z.string().min(1).max(200)
// An option's id as Telegram bounds it, and our own buttons with it: 64 bytes.
const optionId = z.string().min(1).max(64)
const choice = z.union([
  optionId.transform((id): { id: string; label?: string | undefined } => ({ id })),
  z.object({ id: optionId, label: maybe(z.string().max(200)) }),
])
const place = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: maybe(z.string().max(200)),
  address: maybe(z.string().max(500)),
})

/** The part of `channelData` that we understand; the whole of it goes back to the client unchanged. */
export const ourChannelData = z.looseObject({
  clientActivityID: maybe(id),
  choice: maybe(choice),
  location: maybe(place),
})

/** What we read of an activity that a Direct Line client posts; the rest is left. */
export const incomingActivity = z.object({
  type: z.string().min(1).max(64),
  from: maybe(z.object({ id: maybe(id), name: maybe(z.string().max(200)) })),
  text: maybe(z.string()),
  name: maybe(z.string().max(200)),
  value: maybe(anything),
  locale: maybe(z.string().max(35)),
  localTimestamp: maybe(z.string().max(40)),
  localTimezone: maybe(z.string().max(64)),
  replyToId: maybe(z.string().max(500)),
  entities: maybe(z.array(anything.pipe(z.looseObject({ type: z.string() }))).max(50)),
  attachments: maybe(z.array(z.unknown()).max(50)),
  channelData: maybe(anything),
})

/** An activity as a client posted it, checked. */
export type IncomingActivity = z.output<typeof incomingActivity>

/** A press of one of our options: its `value` is the option's id, bare or in an object. */
export const pressedValue = z.union([choice, z.object({ choice }).transform((value) => value.choice)])

/** A place among the entities, as schema.org names it and Bot Framework's schema has it. */
export const placeEntity = z.union([
  z
    .object({ type: z.literal('Place'), name: maybe(z.string().max(200)), address: z.unknown().optional(), geo: place })
    .transform(({ name, address, geo }) => ({
      ...geo,
      name: name ?? geo.name,
      address: typeof address === 'string' ? address.slice(0, 500) : geo.address,
    })),
  place.extend({ type: z.literal('GeoCoordinates') }),
])
