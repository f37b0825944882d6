import { z } from 'zod'
import type { PublicPost, PublicPosts, PublicRef } from '../public-post.ts'
import { SendError } from '../send-error.ts'
import type { Graph } from './graph.ts'
import { privatelySent } from './page-acts.ts'
import { outcomeOf } from './public-outcome.ts'

/** Characters: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies; a message may have 1000 bytes. */
const LONGEST = { reply: 300, replyPrivately: 500 }

const made = z.object({ id: z.string() })
const removed = z.unknown().transform(() => true as const)

const replies = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      text: z.string().default(''),
      from: z.object({ id: z.string() }).optional().catch(undefined),
    }),
  ),
})

const media = z.object({
  id: z.string().optional(),
  caption: z.string().optional(),
  permalink: z.string().optional(),
  timestamp: z.string().optional(),
  username: z.string().optional(),
})

const comment = z.object({
  text: z.string().optional(),
  timestamp: z.string().optional(),
  username: z.string().optional(),
  media: media.optional().catch(undefined),
})

/**
 * What staff do with comments and mentions of an Instagram account, as that account.
 * https://developers.facebook.com/docs/instagram-platform/comment-moderation and
 * https://developers.facebook.com/docs/instagram-platform/private-replies
 */
export function instagramActs(graph: Graph, self: string): PublicPosts {
  return {
    longest: LONGEST,
    // A mention stands where others are at home.
    may: (act, { kind }) =>
      act === 'reply' || kind === 'comment' || (kind === 'live_comment' && act === 'replyPrivately'),
    reply: (post, text, signal) => outcomeOf(reply(graph, self, post, text, signal)),
    async replyPrivately(post, text, signal) {
      const body = { recipient: { comment_id: post.id }, message: { text } }
      const sent = graph.post('me/messages', body, privatelySent, signal)
      return outcomeOf(sent.then(({ recipient_id: address, message_id: providerId }) => ({ address, providerId })))
    },
    setHidden: (post, hide, signal) => outcomeOf(graph.post(path(post.id), { hide }, removed, signal)),
    deleteReply: (id, signal) => outcomeOf(graph.delete(path(id), removed, signal)),
    ownReplies: (post, signal) => outcomeOf(ownReplies(graph, self, post, signal)),
    details: (post, signal) =>
      outcomeOf(post.kind === 'mention' ? mentioned(graph, self, post, signal) : read(graph, post, signal)),
  }
}

const path = (id: string) => encodeURIComponent(id)

/** A mention is answered through the account, for what it stands under is not ours. */
function reply(graph: Graph, self: string, { id, kind, threadId }: PublicRef, message: string, signal: AbortSignal) {
  if (kind !== 'mention') return graph.post(`${path(id)}/replies`, { message }, made, signal)
  const where = threadId ? { media_id: threadId, comment_id: id } : { media_id: id }
  return graph.post(`${path(self)}/mentions`, { ...where, message }, made, signal)
}

async function ownReplies(graph: Graph, self: string, { id, kind }: PublicRef, signal: AbortSignal) {
  if (kind === 'mention') {
    throw new SendError('invalid', 'The answers to a mention cannot be read', { retryable: false })
  }
  const { data } = await graph.get(`${path(id)}/replies?fields=id,text,from&limit=50`, replies, signal)
  return data.filter(({ from }) => from?.id === self).map((one) => ({ id: one.id, text: one.text }))
}

const MEDIA = 'id,caption,permalink,timestamp,username'

async function read(graph: Graph, { id }: PublicRef, signal: AbortSignal): Promise<Partial<PublicPost>> {
  const fields = `text,timestamp,username,media{id,caption,permalink}`
  return fromComment(await graph.get(`${path(id)}?fields=${fields}`, comment, signal))
}

/** Ids are digits, so they may stand in the middle of a field. */
async function mentioned(
  graph: Graph,
  self: string,
  { id, threadId }: PublicRef,
  signal: AbortSignal,
): Promise<Partial<PublicPost>> {
  if (!/^\d+$/.test(id)) throw new SendError('invalid', 'No id of Instagram', { retryable: false })
  if (threadId) {
    const field = `mentioned_comment.comment_id(${id}){text,timestamp,username,media{id,caption,permalink}}`
    const answer = z.object({ mentioned_comment: comment })
    return fromComment((await graph.get(`${path(self)}?fields=${field}`, answer, signal)).mentioned_comment)
  }
  const answer = z.object({ mentioned_media: media })
  const field = `mentioned_media.media_id(${id}){${MEDIA}}`
  const { mentioned_media: one } = await graph.get(`${path(self)}?fields=${field}`, answer, signal)
  const { permalink } = one
  return { ...whoAndWhen(one), ...(one.caption && { text: one.caption }), ...(permalink && { permalink }) }
}

/** A comment has no address of its own: it is found at its post. */
function fromComment(one: z.output<typeof comment>): Partial<PublicPost> {
  const { caption, permalink } = one.media ?? {}
  return {
    ...whoAndWhen(one),
    ...(one.text && { text: one.text }),
    ...(caption && { threadText: caption }),
    ...(permalink && { permalink, threadPermalink: permalink }),
  }
}

function whoAndWhen({ username, timestamp }: { username?: string | undefined; timestamp?: string | undefined }) {
  const { data: publishedAt } = z.coerce.date().safeParse(timestamp)
  return { ...(username && { authorName: username }), ...(publishedAt && timestamp && { publishedAt }) }
}
