import type { FastifyRequest } from 'fastify'
import type { WebChatParts } from './options.ts'
import type { Page } from './store.ts'
import { type SentActivity, type Shown, toDirectLine } from './to-direct-line.ts'
import type { Claims } from './tokens.ts'

/** What Direct Line calls an ActivitySet. */
export interface ActivitySet {
  activities: SentActivity[]
  watermark: string
}

/** Messages of one set; clients ask on until there are none. */
export const PAGE_SIZE = 100

/** How one client is shown its conversation: addresses are made for the host it speaks to. */
export function shownTo(request: FastifyRequest, { conv, origin }: Claims, parts: WebChatParts): Shown {
  const base = `${parts.baseUrl(request)}/v3/directline/attachments`
  return {
    conversationId: conv,
    names: parts.names,
    fileUrl: (msg, file) => {
      const t = parts.tokens.issue({ use: 'file', conv, msg, file, ...(origin !== undefined && { origin }) })
      return `${base}/${msg}/${file}?t=${t}`
    },
  }
}

/** The set of a page that was read after `seq`. */
export function activitySet(page: Page, seq: number, shown: Shown): ActivitySet {
  return {
    activities: page.messages
      .map((message) => toDirectLine(message, shown))
      .filter((activity) => activity !== undefined),
    watermark: String(page.messages.at(-1)?.seq ?? seq),
  }
}
