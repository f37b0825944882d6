import { Readable } from 'node:stream'
import { downloadContentFromMessage } from '@whiskeysockets/baileys'
import type { HasMedia } from '../channel.ts'
import { SendError } from '../send-error.ts'
import { readMediaRef, type StoredFile } from './media-ref.ts'

/** Where WhatsApp keeps files. The address in a message is the sender's word, and could name any host. */
const WHATSAPP_HOST = 'mmg.whatsapp.net'

/** Fetches and decrypts files. `serverUrl` is another server than WhatsApp's (in tests), whose host may be asked too. */
export function createFetchMedia(serverUrl: string | undefined): HasMedia['fetchMedia'] {
  return async (media, signal) => {
    const file = readMediaRef(media.ref)
    if (!file) throw new SendError('invalid', 'The file has no readable reference', { retryable: false })
    const place = placeOf(file, serverUrl)
    try {
      const stream = await downloadContentFromMessage({ mediaKey: file.key, ...place }, file.type, {
        host: WHATSAPP_HOST,
        options: { signal },
      })
      return {
        body: Readable.toWeb(stream),
        ...(media.mime && { mime: media.mime }),
        ...(media.fileName && { fileName: media.fileName }),
      }
    } catch (error) {
      throw failure(error)
    }
  }
}

function placeOf({ path, url }: StoredFile, serverUrl: string | undefined): { directPath: string } | { url: string } {
  if (url && serverUrl && URL.parse(url)?.host === URL.parse(serverUrl)?.host) return { url }
  if (path?.startsWith('/')) return { directPath: path }
  const place = url ? URL.parse(url) : null
  if (place?.protocol === 'https:' && (place.hostname === WHATSAPP_HOST || place.hostname.endsWith('.whatsapp.net')))
    return { directPath: place.pathname + place.search }
  throw new SendError('invalid', 'The file does not lie at WhatsApp', { retryable: false })
}

/** 404 and 410: WhatsApp keeps files for some weeks. */
function failure(error: unknown): SendError {
  const status = statusOf(error)
  const gone = status === 404 || status === 410 || status === 403
  return new SendError(
    gone ? 'invalid' : 'unavailable',
    gone ? 'The file is gone from WhatsApp' : 'The file cannot be fetched now',
    {
      retryable: !gone,
      ...(status && { providerCode: String(status) }),
      cause: error,
    },
  )
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('output' in error)) return undefined
  const { output } = error
  if (typeof output !== 'object' || output === null || !('statusCode' in output)) return undefined
  return typeof output.statusCode === 'number' ? output.statusCode : undefined
}
