import type { InboundMessage, MediaKind } from '../../channels/message.ts'

/** What stands before a typed line to send something else than words. */
const FILES: Readonly<Record<string, MediaKind>> = {
  '/foto': 'image',
  '/voz': 'voice',
  '/video': 'video',
  '/pdf': 'document',
  '/sticker': 'sticker',
}

/**
 * A line of the terminal as a message: words, or `/foto`, `/voz`, `/video`, `/pdf`, `/sticker` (a caption may follow),
 * `/lugar 22.39 -97.93`, `/contacto 8331234567`, `/start CODIGO`, `/boton paso/opcion`.
 */
export function typedMessage(line: string, number: number, sentAt: Date): InboundMessage {
  const [command = '', ...words] = line.trim().split(/\s+/)
  const rest = words.join(' ')
  const base = {
    channel: 'terminal',
    account: 'default',
    externalId: String(number),
    from: { address: 'terminal' },
    sentAt,
  }
  const kind = FILES[command]
  if (kind !== undefined) {
    const media = [{ kind, ref: `archivo-${number}`, attachmentId: attachmentId(number) }]
    return { ...base, kind, media, ...(rest && { text: rest }) }
  }
  if (command === '/lugar') {
    const [latitude = 22.3928, longitude = -97.9403] = words.map(Number)
    return { ...base, kind: 'location', location: { latitude, longitude } }
  }
  if (command === '/contacto') return { ...base, kind: 'contact', contact: { phone: rest, own: true } }
  if (command === '/start') return { ...base, kind: 'start', ...(rest && { text: rest }) }
  if (command === '/boton') return { ...base, kind: 'choice', choice: { id: rest } }
  return { ...base, kind: 'text', text: line }
}

const attachmentId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
