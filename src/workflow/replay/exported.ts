import { z } from 'zod'
import type { StoredConversation } from './stored-conversation.ts'

const kind = z.enum([
  ...['text', 'choice', 'image', 'voice', 'audio', 'video', 'document', 'sticker', 'location', 'contact', 'edit'],
  ...['delete', 'reaction', 'start', 'blocked', 'unblocked', 'echo', 'returned', 'unsupported'],
] as [Kind, ...Kind[]])
type Kind = StoredConversation['turns'][number]['messages'][number]['kind']

const media = z.object({
  kind: z.enum(['image', 'voice', 'audio', 'video', 'document', 'sticker']),
  ref: z.string(),
})

const message = z.object({
  kind,
  externalId: z.string(),
  sentAt: z.string(),
  text: z.string().exactOptional(),
  choice: z.object({ id: z.string() }).exactOptional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).exactOptional(),
  contact: z.object({ phone: z.string(), own: z.boolean() }).exactOptional(),
  media: z.array(media).exactOptional(),
  group: z.string().exactOptional(),
})

const reply = z.object({
  text: z.string().exactOptional(),
  options: z.array(z.object({ id: z.string(), label: z.string() })).exactOptional(),
  link: z.object({ label: z.string(), url: z.string() }).exactOptional(),
})

/** A file of exported conversations. */
export const exportedSchema = z.strictObject({
  version: z.literal(1),
  conversations: z.array(
    z.strictObject({
      id: z.string(),
      channel: z.string(),
      begins: z.enum(['first_word', 'menu']),
      turns: z.array(
        z.object({
          at: z.iso.datetime(),
          messages: z.array(message),
          replies: z.array(reply),
          folios: z.int().min(0),
        }),
      ),
    }),
  ),
})
