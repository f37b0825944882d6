import type { ChannelLimits } from './channel.ts'
import type { Option, OutboundMessage } from './message.ts'
import { splitText } from './split-text.ts'

/** How an option reads in a numbered menu, as a line or as a button: `1. Bache`. */
export const numberedLabel = (option: Option, index: number): string => `${index + 1}. ${option.label}`

/**
 * Cuts one message into what a platform shows in one call each: files before text (with it when it fits the caption), long texts
 * at sentence ends, and what can be pressed on the last part. Options that the channel cannot show become a numbered list.
 * Parts need no further cut: splitting one again gives it back. A message that says nothing gives none.
 */
export function splitMessage(message: OutboundMessage, limits: ChannelLimits): OutboundMessage[] {
  const { text = '', media, replyTo, options, link, ...requests } = message
  const buttons = options && fitsButtons(options, limits) ? options : undefined
  const linkButton = link && limits.options !== 'numbered' && limits.links !== 'text' ? link : undefined
  const tail = [
    options && !buttons ? options.map(numberedLabel).join('\n') : '',
    link && !linkButton ? `${link.label}: ${link.url}` : '',
  ]
  const pressed: OutboundMessage = {
    ...requests,
    ...(buttons && { options: buttons }),
    ...(linkButton && { link: linkButton }),
  }
  const blocks = [text.trim(), ...tail].filter((block) => block !== '')
  const isPressed = Object.keys(pressed).length > 0
  const parts = media ? withMedia(media, blocks, limits, isPressed) : texts(blocks, limits.text)
  if (isPressed && (parts.length === 0 || (limits.bareFiles && parts.at(-1)?.media))) parts.push({})
  return parts.map((part, index) => ({
    ...part,
    ...(index === 0 && replyTo !== undefined && { replyTo }),
    ...(index === parts.length - 1 && pressed),
  }))
}

function fitsButtons(options: Option[], { options: shown }: ChannelLimits): boolean {
  if (options.length === 0 || shown === 'numbered') return false
  return options.length <= shown.max && options.every((option, i) => numberedLabel(option, i).length <= shown.title)
}

function withMedia(
  media: NonNullable<OutboundMessage['media']>,
  blocks: string[],
  limits: ChannelLimits,
  isPressed: boolean,
): OutboundMessage[] {
  const caption = blocks.join('\n\n')
  const isWordless = media.kind === 'sticker' || limits.wordless?.includes(media.kind)
  const standsAlone = isWordless || (limits.bareFiles && isPressed)
  if (!standsAlone && caption.length <= limits.caption) return [{ media, ...(caption && { text: caption }) }]
  return [{ media }, ...texts(blocks, limits.text)]
}

/** The blocks one after another, a block cut only when it is too long alone. */
function texts(blocks: string[], limit: number): OutboundMessage[] {
  const parts: string[] = []
  for (const block of blocks) {
    const [first = '', ...others] = splitText(block, limit)
    const last = parts.at(-1)
    if (last !== undefined && others.length === 0 && last.length + 2 + first.length <= limit) {
      parts[parts.length - 1] = `${last}\n\n${first}`
    } else parts.push(first, ...others)
  }
  return parts.map((text) => ({ text }))
}
