import { z } from 'zod'
import type { PublicPost, PublicPosts } from '../public-post.ts'
import { OWN_METADATA } from './from-messaging.ts'
import type { Graph } from './graph.ts'
import { outcomeOf } from './public-outcome.ts'

/** Characters of a comment, and of a message. */
const LONGEST = { reply: 8000, replyPrivately: 2000 }

const made = z.object({ id: z.string() })
const removed = z.unknown().transform(() => true as const)
const person = z.object({ id: z.string().optional(), name: z.string().optional() })

/** What a private reply is answered with; it was sent, whatever else the answer holds. */
export const privatelySent = z.object({
  recipient_id: z.string().optional().catch(undefined),
  message_id: z.string().optional().catch(undefined),
})

const comments = z.object({
  data: z.array(z.object({ id: z.string(), message: z.string().default(''), from: person.optional() })),
})

const details = z.object({
  message: z.string().optional(),
  permalink_url: z.string().optional(),
  created_time: z.string().optional(),
  from: person.optional().catch(undefined),
})

const thread = z.object({
  message: z.string().optional(),
  story: z.string().optional(),
  permalink_url: z.string().optional(),
})

/**
 * What staff do with what is said on a page of Facebook, as the page.
 * https://developers.facebook.com/docs/graph-api/reference/comment and
 * https://developers.facebook.com/docs/messenger-platform/discovery/private-replies
 */
export function pageActs(graph: Graph, page: string): PublicPosts {
  const path = (id: string) => encodeURIComponent(id)
  return {
    longest: LONGEST,
    privateLink: `https://m.me/${encodeURIComponent(page)}`,
    // Elsewhere we are guests; a review is neither hidden nor answered in private.
    may: (act, { kind }) => act === 'reply' || kind === 'comment' || kind === 'post',
    reply: (post, message, signal) => outcomeOf(graph.post(`${path(post.id)}/comments`, { message }, made, signal)),
    replyPrivately: (post, text, signal) => outcomeOf(sendPrivately(graph, post, text, signal)),
    setHidden: (post, hidden, signal) => outcomeOf(graph.post(path(post.id), { is_hidden: hidden }, removed, signal)),
    deleteReply: (id, signal) => outcomeOf(graph.delete(path(id), removed, signal)),
    ownReplies: (post, signal) => outcomeOf(ownReplies(graph, `${path(post.id)}/comments`, page, signal)),
    details: (post, signal) => outcomeOf(readDetails(graph, post, signal)),
  }
}

async function sendPrivately(
  graph: Graph,
  { id, kind }: Pick<PublicPost, 'id' | 'kind'>,
  text: string,
  signal: AbortSignal,
) {
  const recipient = kind === 'post' ? { post_id: id } : { comment_id: id }
  const body = { recipient, messaging_type: 'RESPONSE', message: { text, metadata: OWN_METADATA } }
  const { recipient_id: address, message_id: providerId } = await graph.post('me/messages', body, privatelySent, signal)
  return { address, providerId }
}

async function ownReplies(graph: Graph, path: string, page: string, signal: AbortSignal) {
  const query = 'fields=id,message,from&order=reverse_chronological&limit=50'
  const { data } = await graph.get(`${path}?${query}`, comments, signal)
  return data.filter(({ from }) => from?.id === page).map(({ id, message }) => ({ id, text: message }))
}

const FIELDS = 'message,permalink_url,created_time,from'
const THREAD_FIELDS = 'message,story,permalink_url'

async function readDetails(
  graph: Graph,
  { id, threadId }: Pick<PublicPost, 'id' | 'threadId'>,
  signal: AbortSignal,
): Promise<Partial<PublicPost>> {
  const one = await graph.get(`${encodeURIComponent(id)}?fields=${FIELDS}`, details, signal)
  const above = threadId
    ? await graph.get(`${encodeURIComponent(threadId)}?fields=${THREAD_FIELDS}`, thread, signal)
    : undefined
  const { data: publishedAt } = z.coerce.date().safeParse(one.created_time)
  const text = above?.message ?? above?.story
  return {
    ...(one.message && { text: one.message }),
    ...(one.permalink_url && { permalink: one.permalink_url }),
    ...(one.from?.id && { authorId: one.from.id }),
    ...(one.from?.name && { authorName: one.from.name }),
    ...(publishedAt && { publishedAt }),
    ...(text && { threadText: text }),
    ...(above?.permalink_url && { threadPermalink: above.permalink_url }),
  }
}
