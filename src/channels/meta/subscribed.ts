import { z } from 'zod'
import type { Graph } from './graph.ts'

/** https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps/ */
const subscriptions = z.object({ data: z.array(z.object({ subscribed_fields: z.array(z.string()).default([]) })) })

/**
 * Whether Meta was asked to deliver the messages of the page or account that the token is of; undefined where it does not say: a
 * token may speak and yet not be allowed to ask this. Never throws.
 */
export async function isSubscribed(graph: Graph, signal: AbortSignal): Promise<boolean | undefined> {
  const answer = await graph
    .get('me/subscribed_apps?fields=subscribed_fields', subscriptions, signal)
    .catch(() => undefined)
  return answer?.data.some(({ subscribed_fields: fields }) => fields.includes('messages'))
}
