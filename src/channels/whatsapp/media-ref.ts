import type { WAMessageKey } from '@whiskeysockets/baileys'
import { z } from 'zod'

/** What WhatsApp tells of a file that lies encrypted on its servers. */
export interface SecretFile {
  mediaKey?: Uint8Array | null
  directPath?: string | null
  url?: string | null
  mimetype?: string | null
  fileName?: string | null
  fileLength?: Parameters<typeof import('@whiskeysockets/baileys')['toNumber']>[0]
  seconds?: number | null
}

const stored = z.object({
  type: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
  key: z.string().transform((text) => Buffer.from(text, 'base64')),
  path: z.string().optional(),
  url: z.string().optional(),
  message: z.object({ remoteJid: z.string(), id: z.string(), fromMe: z.boolean() }).optional(),
})

/** Where a file lies and what opens it; `type` is part of how it was encrypted, and by `message` the sender is asked for it again. */
export type StoredFile = z.output<typeof stored>

/** All that is needed to fetch and open a file later, as a media reference. */
export function mediaRef(type: StoredFile['type'], { mediaKey, directPath, url }: SecretFile): string {
  const key = Buffer.from(mediaKey ?? []).toString('base64')
  return JSON.stringify({ type, key, path: directPath ?? undefined, url: url ?? undefined })
}

/** The same reference, with the message that the file came with. */
export function cameWith(ref: string, { remoteJid, id, fromMe }: WAMessageKey): string {
  return JSON.stringify({ ...JSON.parse(ref), message: { remoteJid, id, fromMe: fromMe ?? false } })
}

/** The reference again; undefined when it is none of ours. */
export function readMediaRef(ref: string): StoredFile | undefined {
  try {
    return stored.safeParse(JSON.parse(ref)).data
  } catch {
    return undefined
  }
}
