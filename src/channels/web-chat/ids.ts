/** The account of the only web chat there is; an address is a Direct Line conversation id. */
export const WEB_CHAT = { channel: 'web-chat', account: 'default' } as const

/** How a message of the citizen is known: to the database (a second one is a redelivery), and to the client. */
export interface Identity {
  externalId: string
  activityId: string
}

/** The message to which its client gave this name. */
export const named = (conversationId: string, name: string): Identity => ({
  externalId: `${conversationId}/${name}`,
  activityId: `${conversationId}|u.${name}`,
})

/** The start of a conversation: there is only one, and no client can name another message so. */
export const theStart = (conversationId: string): Identity => ({
  externalId: `${conversationId}#start`,
  activityId: `${conversationId}|start`,
})

/** The name that the client gave the message of this external id; undefined for a start. */
export function clientName(externalId: string): string | undefined {
  const slash = externalId.indexOf('/')
  return slash === -1 ? undefined : externalId.slice(slash + 1)
}

/** The id of an activity of ours, by its row. */
export const outboundActivityId = (conversationId: string, rowId: number | string): string =>
  `${conversationId}|${String(rowId).padStart(7, '0')}`
