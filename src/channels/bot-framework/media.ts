import { createHash } from 'node:crypto'
import type { AnyChannel, ChannelContext, HasMedia } from '../channel.ts'
import { type Fetched, fetchPublic } from '../fetch-public.ts'
import type { InboundMessage, MediaRef } from '../message.ts'
import { readFile } from '../read-file.ts'
import { SendError } from '../send-error.ts'
import { withoutAnswer } from './connector-errors.ts'
import { AT_SERVICE, INSIDE, placeOf, STORED } from './media-ref.ts'
import type { TokenSource } from './token.ts'

type Files = Pick<ChannelContext, 'files' | 'log'>

/** The files of a channel account: at its service with our token, anywhere public without, or with us already. */
export function createMedia(
  context: Files,
  tokens: TokenSource,
): Pick<HasMedia & AnyChannel, 'fetchMedia' | 'releaseMedia'> {
  return {
    async fetchMedia(media, signal) {
      const { at, address } = placeOf(media.ref)
      if (at === STORED) return inline(await readFile(context, address))
      if (at === AT_SERVICE) return fetchAtService(address, tokens, signal)
      return fetchPublic(address, signal)
    },
    async releaseMedia({ ref }) {
      const { at, address } = placeOf(ref)
      if (at !== STORED) return
      await context.files
        .delete(address)
        .catch((error: unknown) =>
          context.log.warn({ err: error, ref }, 'a file that came inside could not be removed'),
        )
    },
  }
}

/** The service may lead to where it keeps its files: there our token does not follow. */
async function fetchAtService(address: string, tokens: TokenSource, signal: AbortSignal): Promise<Fetched> {
  const token = await tokens.get(signal)
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  const response = await fetch(address, { headers, signal, redirect: 'manual' }).catch((error: unknown) => {
    throw withoutAnswer(error)
  })
  if (response.ok) {
    const mime = response.headers.get('content-type')
    return { body: response.body ?? inline(new Uint8Array()).body, ...(mime && { mime }) }
  }
  await response.body?.cancel()
  const next = response.headers.get('location')
  if (response.status < 400 && next !== null) return fetchPublic(URL.parse(next, address)?.href ?? '', signal)
  if (response.status === 401) tokens.forget()
  const passing = response.status >= 500 || response.status === 429 || response.status === 401
  throw new SendError(passing ? 'unavailable' : 'invalid', `The service answered ${response.status} for a file`, {
    retryable: passing,
    providerCode: String(response.status),
  })
}

const inline = (bytes: Uint8Array): Fetched => ({ body: new Blob([Buffer.from(bytes)]).stream() })

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.-]+)*;base64,([A-Za-z0-9+/_-]+=*)$/

/**
 * Files that came inside of an activity are put aside, under a name that a redelivery gives them too: a row is no place for them.
 * What came inside and cannot be read is dropped. Rejects when they cannot be kept.
 */
export async function keepInline(context: Files, message: InboundMessage): Promise<InboundMessage> {
  if (!message.media?.some(({ ref }) => ref.startsWith(INSIDE))) return message
  const kept = await Promise.all(message.media.map((file) => keep(context, file, message.externalId)))
  const media = kept.flatMap((file) => file ?? [])
  const [first] = media
  if (first) return { ...message, kind: message.kind === 'edit' ? 'edit' : first.kind, media }
  const { media: _none, ...words } = message
  return { ...words, kind: message.kind === 'edit' ? 'edit' : message.text === undefined ? 'unsupported' : 'text' }
}

async function keep({ files }: Files, file: MediaRef, externalId: string): Promise<MediaRef | undefined> {
  if (!file.ref.startsWith(INSIDE)) return file
  const [, mime, base64 = ''] = DATA_URL.exec(file.ref) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.byteLength === 0) return undefined
  const key = `incoming/${createHash('sha256').update(externalId).update(bytes).digest('hex')}`
  await files.put(key, bytes, mime ?? file.mime ?? 'application/octet-stream')
  return { ...file, ref: `${STORED}${key}`, bytes: bytes.byteLength }
}
