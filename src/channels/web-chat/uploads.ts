import { randomUUID } from 'node:crypto'
import { basename, parse } from 'node:path'
import type { ChannelContext } from '../channel.ts'
import type { MediaKind, MediaRef } from '../message.ts'
import { SendError } from '../send-error.ts'
import { refuse } from './direct-line-error.ts'

type Uploads = Pick<ChannelContext, 'files' | 'log'>

/** A file as it was sent; `type` is what its sender says. */
export interface Upload {
  bytes: Uint8Array
  type: string
  name?: string | undefined
}

const FOLDER = 'incoming/'

/**
 * Puts a file where it waits for its message to be handled, and adds it to the message's `media`, where no two names are the same.
 * @throws {HttpProblem} 400 for an empty one.
 */
export async function storeUpload({ files }: Uploads, upload: Upload, media: MediaRef[]): Promise<void> {
  if (upload.bytes.byteLength === 0) throw refuse('BadArgument', 'A file is empty.')
  const mime = /^[\w.+-]+\/[\w.+-]+/.exec(upload.type)?.[0].toLowerCase() ?? 'application/octet-stream'
  const taken = media.map((file) => file.fileName ?? '')
  const fileName = unlike(taken, cleanName(upload.name))
  const ref = `${FOLDER}${randomUUID()}`
  await files.put(ref, upload.bytes, mime)
  media.push({ kind: mediaKind(mime), ref, mime, bytes: upload.bytes.byteLength, ...(fileName && { fileName }) })
}

/** Removes uploads that nobody needs; what cannot be removed is only litter. */
export async function discardUploads({ files, log }: Uploads, media: MediaRef[]): Promise<void> {
  for (const { ref } of media) {
    await files.delete(ref).catch((error) => log.warn({ err: error, ref }, 'an upload could not be removed'))
  }
}

/** The bytes of an upload. @throws {SendError} when they cannot be read. */
export async function readUpload({ files }: Uploads, { ref }: MediaRef): Promise<Uint8Array> {
  if (!ref.startsWith(FOLDER)) throw new SendError('invalid', 'this is no upload of the web chat', { retryable: false })
  return files.get(ref).catch((cause) => {
    throw new SendError('unavailable', 'the upload could not be read', { retryable: true, cause })
  })
}

/** What a file is to us by the type its sender says; ingestion looks at the bytes. */
function mediaKind(mime: string): MediaKind {
  if (mime.startsWith('image/') && mime !== 'image/svg+xml') return 'image'
  if (mime.startsWith('audio/')) return 'audio'
  return mime.startsWith('video/') ? 'video' : 'document'
}

/** Without folders and control characters, and no longer than a file's name may be. */
function cleanName(name = ''): string {
  const printable = basename(name.replaceAll('\\', '/')).replaceAll(/\p{Cc}/gu, '')
  return [...printable].slice(-120).join('')
}

/** The name, numbered when it is taken: `foto (1).jpg`, as Microsoft's client does it. */
function unlike(taken: string[], name: string): string {
  const { name: stem, ext } = parse(name)
  const numbered = taken.map((_other, index) => `${stem} (${index + 1})${ext}`.trim())
  return [name, ...numbered].find((candidate) => !taken.includes(candidate)) ?? name
}
