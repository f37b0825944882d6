import type { OutboundMessage } from '../../channels/message.ts'
import { numberedLabel } from '../../channels/split-message.ts'

/** An answer as a terminal shows it: text, a numbered menu, and what a telephone would offer to share. */
export function show({ text = '', options = [], requestLocation, requestContact, link }: OutboundMessage): string {
  const extras = [requestLocation, requestContact].flatMap((label) => (label === undefined ? [] : [`[${label}]`]))
  return [
    ...(text ? [text] : []),
    ...options.map((option, index) => `  ${numberedLabel(option, index)}`),
    ...extras.map((extra) => `  ${extra}`),
    ...(link ? [`  ${link.label}: ${link.url}`] : []),
  ].join('\n')
}
