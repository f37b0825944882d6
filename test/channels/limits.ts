import type { ChannelLimits } from '../../src/channels/channel.ts'

/** Of a channel that shows ten buttons, waits for nothing and knows no key for sending once. */
export const LIMITS: ChannelLimits = {
  text: 4096,
  caption: 1024,
  options: { max: 10, title: 64 },
  rate: 0,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: false,
}
