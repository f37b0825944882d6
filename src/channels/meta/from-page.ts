import { createHash } from 'node:crypto'
import type { PublicKind, PublicMedia, PublicPost, PublicVerb } from '../public-post.ts'
import { anyChange, type PageValue, pageValue } from './public-events.ts'
import { type Arrival, type Reading, reading } from './reading.ts'

const FIELDS = new Set(['feed', 'mention', 'ratings'])

/** Some products say `edit`, some `edited`. */
const VERBS: Record<string, PublicVerb> = {
  add: 'add',
  edit: 'edit',
  edited: 'edit',
  update: 'edit',
  remove: 'remove',
  delete: 'remove',
  hide: 'hide',
  unhide: 'unhide',
}

/** Items that stand by themselves on a page. */
const POSTS = new Set(['post', 'status', 'photo', 'video', 'link', 'share', 'note', 'album'])

/** What one change of a page's feed, mentions or ratings says, never throwing; `at` is when Meta sent it. */
export function fromPage(change: unknown, at: Date, arrival: Arrival): Reading {
  const { data: any } = anyChange.safeParse(change)
  if (!any || !FIELDS.has(any.field)) return reading({ ignored: [`a change of ${any?.field ?? 'nothing'}`] })
  const { data: value } = pageValue.safeParse(any.value)
  const verb = VERBS[value?.verb ?? '']
  const subject = value && subjectOf(any.field, value)
  if (!value || !verb || !subject) return reading({ ignored: [`a ${value?.item ?? 'change'} that says nothing to us`] })
  const { channel, account, self } = arrival
  const post = postOf(value, subject, self)
  const event = { channel, account, externalId: eventId(post, verb, at), verb, at, post }
  return reading({ posts: [event] })
}

type Subject = Pick<PublicPost, 'id' | 'kind'>

function subjectOf(field: string, value: PageValue): Subject | undefined {
  const named = (id: string | undefined, kind: PublicKind) => (id === undefined ? undefined : { id, kind })
  if (field === 'mention') return named(value.comment_id ?? value.post_id, 'mention')
  if (value.item === 'comment') return named(value.comment_id, 'comment')
  if (value.item === 'rating') return named(value.open_graph_story_id ?? value.post_id, 'review')
  return POSTS.has(value.item) ? named(value.post_id, 'post') : undefined
}

function postOf(value: PageValue, subject: Subject, self: string): PublicPost {
  const { from, post, message, review_text: review, created_time: publishedAt } = value
  const authorId = from?.id ?? value.sender_id ?? value.reviewer_id
  const authorName = from?.name ?? value.sender_name ?? value.reviewer_name
  const threadId = value.post_id ?? post?.id ?? value.open_graph_story_id
  const text = message ?? review
  const media = mediaOf(value)
  const beneath = threadId !== undefined && threadId !== subject.id
  return {
    ...subject,
    own: authorId === self,
    ...(authorId && { authorId }),
    ...(authorName && { authorName }),
    ...(text && { text }),
    ...(media.length > 0 && { media }),
    ...(value.parent_id && value.parent_id !== threadId && { parentId: value.parent_id }),
    ...(beneath && { threadId }),
    ...(beneath && post?.permalink_url && { threadPermalink: post.permalink_url }),
    ...(beneath && post?.message && { threadText: post.message }),
    ...(!beneath && post?.permalink_url && { permalink: post.permalink_url }),
    ...(publishedAt && { publishedAt }),
    ...(authorId !== self && { incomplete: true }),
  }
}

function mediaOf({ item, photo, photos, video, link }: PageValue): PublicMedia[] {
  const images = [photo, ...(photos ?? []), ...(item === 'photo' ? [link] : [])].filter((url) => url !== undefined)
  const videos = [video, ...(item === 'video' ? [link] : [])].filter((url) => url !== undefined)
  const unique = (urls: string[], kind: PublicMedia['kind']) => [...new Set(urls)].map((url) => ({ kind, url }))
  return [...unique(images, 'image'), ...unique(videos, 'video')]
}

/**
 * A thing is added and removed once. An edit is known by what it says, for Meta tells when it sent it, not when it happened;
 * to hide and show may be repeated, and then both count.
 */
function eventId(post: PublicPost, verb: PublicVerb, at: Date): string {
  const name = post.kind === 'mention' ? `mention:${post.id}` : post.id
  if (verb === 'add' || verb === 'remove') return `${name}:${verb}`
  if (verb === 'edit') {
    const digest = createHash('sha256').update(JSON.stringify(post)).digest('base64url')
    return `${name}:edit:${digest}`
  }
  return `${name}:${verb}:${at.getTime()}`
}
