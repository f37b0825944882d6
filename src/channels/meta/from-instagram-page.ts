import type { PublicPost } from '../public-post.ts'
import { anyChange, instagramComment, instagramMention } from './public-events.ts'
import { type Arrival, type Reading, reading } from './reading.ts'

/** What one change of an Instagram account says of comments and mentions, never throwing; `at` is when Meta sent it. */
export function fromInstagramPage(change: unknown, at: Date, arrival: Arrival): Reading {
  const { data: any } = anyChange.safeParse(change)
  const post = any && (readComment(any.field, any.value, at, arrival.self) ?? readMention(any.field, any.value))
  if (!post) return reading({ ignored: [`a change of ${any?.field ?? 'nothing'}`] })
  const { channel, account } = arrival
  const name = post.kind === 'mention' ? `mention:${post.id}` : post.id
  return reading({ posts: [{ channel, account, externalId: `${name}:add`, verb: 'add', at, post }] })
}

/** Comments say who and what, and of the post its id alone. */
function readComment(field: string, value: unknown, at: Date, self: string): PublicPost | undefined {
  if (field !== 'comments' && field !== 'live_comments') return undefined
  const { data } = instagramComment.safeParse(value)
  if (!data) return undefined
  const own = data.from?.id === self
  const authorName = data.from?.username ?? data.from?.name
  return {
    id: data.id,
    kind: field === 'comments' ? 'comment' : 'live_comment',
    own,
    publishedAt: at,
    ...(data.from?.id && { authorId: data.from.id }),
    ...(authorName && { authorName }),
    ...(data.text && { text: data.text }),
    ...(data.parent_id && { parentId: data.parent_id }),
    ...(data.media?.id && { threadId: data.media.id }),
    ...(!own && { incomplete: true }),
  }
}

/** A mention in a comment, or in the words of a post. */
function readMention(field: string, value: unknown): PublicPost | undefined {
  if (field !== 'mentions') return undefined
  const { data } = instagramMention.safeParse(value)
  if (!data) return undefined
  const { comment_id: comment, media_id: media } = data
  return { id: comment ?? media, kind: 'mention', own: false, incomplete: true, ...(comment && { threadId: media }) }
}
