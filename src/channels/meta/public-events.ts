import { z } from 'zod'

// https://developers.facebook.com/docs/graph-api/webhooks/reference/page (feed, mention, ratings) and
// https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram (comments, live_comments, mentions), reduced to
// what is read. What is optional is often absent; an odd value of it is taken as absent.

/** No id of Meta's is longer. */
const id = z.union([z.string().min(1).max(200), z.int().transform(String)])
const given = <T>(schema: z.ZodType<T>) => schema.optional().catch(undefined)

/** Seconds or milliseconds since 1970, as different products of Meta count. */
export const moment = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{9,13}$/)
      .transform(Number),
  ])
  .refine((value) => value > 0 && value < 4_102_444_800_000)
  .transform((value) => new Date(value < 1e11 ? value * 1000 : value))

const person = z.object({ id: given(id), name: given(z.string()), username: given(z.string()) })

/** A change of a page's feed, of a mention of it, or of a rating. */
export const pageValue = z.object({
  item: z.string(),
  verb: z.string(),
  from: given(person),
  sender_id: given(id),
  sender_name: given(z.string()),
  reviewer_id: given(id),
  reviewer_name: given(z.string()),
  comment_id: given(id),
  post_id: given(id),
  parent_id: given(id),
  open_graph_story_id: given(id),
  message: given(z.string()),
  review_text: given(z.string()),
  photo: given(z.string()),
  photos: given(z.array(z.string())),
  video: given(z.string()),
  link: given(z.string()),
  created_time: given(moment),
  post: given(z.object({ id: given(id), permalink_url: given(z.string()), message: given(z.string()) })),
})

export type PageValue = z.output<typeof pageValue>

/** A comment of Instagram's; there are no edits and no removals. */
export const instagramComment = z.object({
  id,
  text: given(z.string()),
  from: given(person),
  parent_id: given(id),
  media: given(z.object({ id: given(id) })),
})

/** Somebody named the account: ids alone. */
export const instagramMention = z.object({ media_id: id, comment_id: given(id) })

/** Any change, whatever it is about. */
export const anyChange = z.object({ field: z.string(), value: z.unknown() })
