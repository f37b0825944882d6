/** @import { Activity, Attachment, CardAction, Choice } from './types.d.ts' */

/** What a citizen can do with a button of a bot's message: answer with it, or open a page. */
/** @typedef {{ label: string, choice?: Choice, url?: string, place?: true }} Option */

/**
 * The buttons of a message, those of its cards included.
 * @param {Activity} activity
 * @returns {Option[]}
 */
export function optionsOf({ suggestedActions, attachments = [], channelData }) {
  const actions = [
    ...(suggestedActions?.actions ?? []),
    ...attachments.flatMap(({ content }) => content?.buttons ?? []),
  ]
  const options = actions.map(optionOf)
  if (channelData?.requestLocation) options.push({ label: channelData.requestLocation, place: true })
  return options
}

/**
 * @param {CardAction} action
 * @returns {Option}
 */
function optionOf({ type, title, value, channelData }) {
  if (type === 'openUrl') return { label: title, url: String(value) }
  const choice = channelData?.choice ?? { id: typeof value === 'string' ? value : title, label: title }
  return { label: title, choice }
}

/**
 * The words of a message, those of its cards included.
 * @param {Activity} activity
 */
export function textOf({ text, attachments = [] }) {
  return [text, ...attachments.map(({ content }) => content?.text)].filter(Boolean).join('\n')
}

/**
 * @param {Activity} activity
 * @returns {Attachment[]} what can be opened
 */
export function filesOf({ attachments = [] }) {
  return attachments.filter(({ contentUrl }) => contentUrl !== undefined)
}

/**
 * Whether it was written here (or in another window of the same conversation).
 * @param {Activity} activity
 */
export function isOwn({ from, channelData }) {
  return from.role ? from.role === 'user' : channelData?.clientActivityID !== undefined
}

/**
 * An address from a message is followed only by https, or on the server itself (a town that tries us out has no https yet).
 * @param {string} address
 * @param {string} base
 * @returns {string | undefined} the address, if it is safe
 */
export function safeUrl(address, base) {
  try {
    const url = new URL(address, base)
    return url.protocol === 'https:' || url.origin === new URL(base).origin ? url.href : undefined
  } catch {
    return undefined
  }
}
