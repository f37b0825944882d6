/** How options are shown: as buttons that bring their option back, as buttons that say their label, or as lines of the text. */
export interface Shown {
  as: 'card' | 'messageBack' | 'imBack' | 'lines'
  /** Buttons, and characters of a button's title. */
  max: number
  title: number
}

/** No more than this is asked of any channel: longest of options and titles, see `LIMITS` in bot-framework.ts. */
export const MOST = { max: 10, title: 50 }

const LINES: Shown = { as: 'lines', max: 0, title: 0 }

/**
 * What each channel behind Azure Bot Service shows of options; the SDK's own table (botbuilder-dialogs, choices/channel.ts) and the
 * platforms' limits of titles. Teams shows three suggested actions but six buttons of a hero card
 * (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference#hero-card), which bring a value back.
 */
const CHANNELS: Record<string, Shown> = {
  msteams: { as: 'card', max: 6, title: 50 },
  webchat: { as: 'messageBack', ...MOST },
  directline: { as: 'messageBack', ...MOST },
  emulator: { as: 'messageBack', ...MOST },
  telegram: { as: 'imBack', ...MOST },
  line: { as: 'imBack', max: 10, title: 20 },
  facebook: { as: 'imBack', max: 10, title: 20 },
}

/** How a channel shows so many options with titles of such lengths; a channel that is not known gets plain lines. */
export function shownBy(channelId: string, titles: string[]): Shown['as'] {
  const shown = Object.hasOwn(CHANNELS, channelId) ? (CHANNELS[channelId] ?? LINES) : LINES
  const fits = titles.length <= shown.max && titles.every((title) => title.length <= shown.title)
  return fits ? shown.as : 'lines'
}

/** Channels that take no file inside of the activity but fetch it, so that only an address of ours serves. */
const FETCHING = new Set(['line', 'sms', 'facebook', 'telegram'])

/** Does this channel take a file inside of the activity? */
export const takesInline = (channelId: string): boolean => !FETCHING.has(channelId)
