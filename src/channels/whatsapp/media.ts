import { DEFAULT_ORIGIN } from '@whiskeysockets/baileys'
import type { HasMedia } from '../channel.ts'
import { SendError } from '../send-error.ts'
import type { Line } from './line.ts'
import { readMediaRef, type StoredFile } from './media-ref.ts'
import { openFile } from './open-file.ts'
import { askForFile } from './reupload.ts'

/** Where WhatsApp keeps files. The address in a message is the sender's word, and could name any host. */
const WHATSAPP_HOST = 'mmg.whatsapp.net'

/**
 * Fetches and decrypts files. One that WhatsApp has no longer is asked for at the sender's telephone, by the socket of `line`; whose
 * `serverUrl`, where another server than WhatsApp's is spoken to (in tests), is asked for the files too.
 */
export function createFetchMedia(line: Line): HasMedia['fetchMedia'] {
  return async (media, signal) => {
    const file = readMediaRef(media.ref)
    if (!file) throw new SendError('invalid', 'The file has no readable reference', { retryable: false })
    const response = await fetchSealed(line, pathOf(file), signal)
    const sealed = isGone(response)
      ? await fetchSealed(line, await askForFile(line, file, signal, failure(response)), signal)
      : response
    if (!sealed.ok || !sealed.body) throw failure(sealed)
    return {
      body: sealed.body.pipeThrough(await openFile(file)),
      ...(media.mime && { mime: media.mime }),
      ...(media.fileName && { fileName: media.fileName }),
    }
  }
}

async function fetchSealed({ serverUrl }: Line, path: string, signal: AbortSignal): Promise<Response> {
  const host = serverUrl ? new URL(serverUrl).host : WHATSAPP_HOST
  try {
    return await fetch(`https://${host}${path}`, { signal, redirect: 'error', headers: { origin: DEFAULT_ORIGIN } })
  } catch (cause) {
    throw new SendError('unavailable', 'The file cannot be fetched now', { retryable: true, cause })
  }
}

/** The path at WhatsApp's host; of an address only the path is taken. */
function pathOf({ path, url }: StoredFile): string {
  if (path?.startsWith('/')) return path
  const place = url ? URL.parse(url) : null
  if (place?.protocol === 'https:' && place.hostname.endsWith('.whatsapp.net')) return place.pathname + place.search
  throw new SendError('invalid', 'The file does not lie at WhatsApp', { retryable: false })
}

/** WhatsApp keeps files for some weeks, and links for less. */
const isGone = ({ status }: Response) => status === 404 || status === 410 || status === 403

function failure(response: Response): SendError {
  const gone = isGone(response)
  const text = gone ? 'The file is gone from WhatsApp' : 'The file cannot be fetched now'
  return new SendError(gone ? 'invalid' : 'unavailable', text, {
    retryable: !gone,
    providerCode: String(response.status),
  })
}
