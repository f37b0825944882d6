import type { EntityManager } from '@mikro-orm/postgresql'
import { fileTypeFromBuffer } from 'file-type'
import type { Logger } from 'pino'
import type { AnyChannel, FileStore } from '../../channels/channel.ts'
import { SendError } from '../../channels/send-error.ts'
import type { AttachmentSource } from '../../conversation/attachment.ts'
import type { Database } from '../../runtime/database.ts'
import { publish } from '../../runtime/events.ts'
import type { GpsPoint } from '../../runtime/exif-gps.ts'
import { cleanImage } from '../../runtime/image.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** The largest file kept, in bytes; Telegram gives bots no more. */
export const LARGEST_FILE = 20 * 1024 * 1024

const FETCH_LIMIT = 60_000

/** The waits grow to an hour, some five hours in all. */
const ATTEMPTS = 11

/** By magic bytes, never by name: what may be kept. No HTML, no SVG, no programs, no macros. */
const ACCEPTED =
  /^(image\/(jpeg|png|webp|gif|heic|heif|avif)|audio\/.+|video\/.+|application\/(pdf|ogg|vnd\.(openxmlformats-officedocument|oasis\.opendocument)\..+))$/

/** A compound file is an old document or an installer; the name decides with what the staff would open it. */
const COMPOUND = 'application/x-cfb'
const OLD_DOCUMENT = /\.(doc|xls|ppt)$/i

/** What fetching a citizen's file needs. */
export interface IngestDeps {
  database: Database
  log: Logger
  files: FileStore
  channelOf(channel: string, account: string): AnyChannel | undefined
}

interface Pending {
  id: string
  source: AttachmentSource | null
  attempts: number
}

interface Stored {
  mime: string
  bytes: number
  storageKey: string
  thumbKey: string | null
  width: number | null
  height: number | null
  gps?: GpsPoint | undefined
}

/** A file that will never be kept, with the reason for staff. */
class Refused extends Error {}

/**
 * Fetches one file while the platform still has it, checks what it really is, cleans pictures and stores it.
 * Run twice it does the work twice and ends the same; a failure that may pass, or being ended, is tried again later.
 */
export async function ingestAttachment(
  deps: IngestDeps,
  id: string,
  ending = new AbortController().signal,
): Promise<undefined> {
  const pending = await sqlOne<Pending>(deps.database.fork(), CLAIM, [id])
  if (!pending?.source) return undefined
  const { source } = pending
  try {
    // Whatever ended the process each time would end it for ever.
    if (pending.attempts > ATTEMPTS) throw new Error('it was tried too often')
    const bytes = await download(deps, source, ending)
    if (await recordStored(deps, id, await store(deps.files, id, bytes, source.fileName))) await release(deps, source)
  } catch (error) {
    await recordTrouble(deps, pending, error)
  }
  return undefined
}

async function release(deps: Pick<IngestDeps, 'channelOf'>, source: AttachmentSource): Promise<void> {
  await deps.channelOf(source.channel, source.account)?.releaseMedia?.(source)
}

async function download(deps: IngestDeps, source: AttachmentSource, ending: AbortSignal): Promise<Uint8Array> {
  const channel = deps.channelOf(source.channel, source.account)
  if (!channel?.fetchMedia) throw new SendError('not_connected', 'the channel is not connected', { retryable: true })
  if (source.bytes !== undefined && source.bytes > LARGEST_FILE) throw new Refused('larger than 20 MB')
  const { body } = await channel.fetchMedia(source, AbortSignal.any([ending, AbortSignal.timeout(FETCH_LIMIT)]))
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.byteLength
    if (size > LARGEST_FILE) throw new Refused('larger than 20 MB')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function store(files: FileStore, id: string, bytes: Uint8Array, name = ''): Promise<Stored> {
  const mime = (await fileTypeFromBuffer(bytes))?.mime
  const kept = mime === COMPOUND ? OLD_DOCUMENT.test(name) : mime !== undefined && ACCEPTED.test(mime)
  if (!mime || !kept) throw new Refused(`not a kind of file we keep (${mime ?? 'unknown'})`)
  const folder = `adjuntos/${id.slice(0, 2)}`
  if (!/^image\/(jpeg|png|webp|heic|heif|avif)$/.test(mime)) {
    await files.put(`${folder}/${id}`, bytes, mime)
    return { mime, bytes: bytes.byteLength, storageKey: `${folder}/${id}`, thumbKey: null, width: null, height: null }
  }
  const image = await cleanImage(bytes).catch((error) => {
    throw new Refused(`not a readable picture (${error instanceof Error ? error.message : error})`)
  })
  await files.put(`${folder}/${id}`, image.bytes, image.mime)
  await files.put(`${folder}/${id}.thumb`, image.thumb, 'image/webp')
  const { width, height } = image
  return {
    mime: image.mime,
    bytes: image.bytes.byteLength,
    storageKey: `${folder}/${id}`,
    thumbKey: `${folder}/${id}.thumb`,
    width,
    height,
    gps: image.gps,
  }
}

/** False when the row is not (any more) waiting for this file under this id. */
async function recordStored(deps: IngestDeps, id: string, stored: Stored): Promise<boolean> {
  const { mime, bytes, storageKey, thumbKey, width, height } = stored
  return deps.database.fork().transactional(async (em) => {
    const row = await sqlOne<{ conversationId: number | null; peticionId: number | null }>(em, STORED, [
      id,
      mime,
      bytes,
      storageKey,
      thumbKey,
      width,
      height,
      stored.gps?.latitude ?? null,
      stored.gps?.longitude ?? null,
    ])
    if (row) await publish(em, { topic: 'attachment', conversation: row.conversationId, peticion: row.peticionId })
    else await dropStray(em, deps.files, id, stored)
    return row !== undefined
  })
}

/** While it was fetched an anonymous report took the file under another id: what lies under this one belongs to nobody. */
async function dropStray(em: EntityManager, files: FileStore, id: string, stored: Stored): Promise<void> {
  if (await sqlOne(em, 'select 1 from attachment where id = $1', [id])) return
  for (const key of [stored.storageKey, stored.thumbKey]) if (key) await files.delete(key)
}

async function recordTrouble(deps: IngestDeps, pending: Pending, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : 'unknown'
  const refused = error instanceof Refused
  const passing = !(error instanceof SendError) || error.retryable
  const status = refused ? 'refused' : passing && pending.attempts < ATTEMPTS ? 'pending' : 'failed'
  const seconds = Math.min(5 * 3 ** (pending.attempts - 1), 3600)
  deps.log.warn({ err: error, attachment: pending.id, attempts: pending.attempts, status }, 'a file could not be kept')
  await sql(
    deps.database.fork(),
    `update attachment set status = $2, error = $3, due_at = case when $2 = 'pending' then clock_timestamp() + make_interval(secs => $4) end
      where id = $1 and status = 'pending'`,
    [pending.id, status, reason, seconds],
  )
  if (refused && pending.source) await release(deps, pending.source)
}

/**
 * Deletes the files and the row of what was discarded (an anonymous report's unused photographs). Put off before it is tried: one that
 * cannot be deleted comes again later and holds back none of the others.
 * @throws what the storage throws.
 */
export async function discardAttachment(
  deps: Pick<IngestDeps, 'database' | 'files' | 'channelOf'>,
  id: string,
): Promise<void> {
  const em = deps.database.fork()
  const row = await sqlOne<{ storageKey: string | null; thumbKey: string | null; source: AttachmentSource | null }>(
    em,
    `update attachment set due_at = clock_timestamp() + interval '1 minute' where id = $1 and status = 'discarded'
     returning storage_key as "storageKey", thumb_key as "thumbKey", source`,
    [id],
  )
  if (row?.source) await release(deps, row.source)
  for (const key of [row?.storageKey, row?.thumbKey]) if (key) await deps.files.delete(key)
  await sql(em, `delete from attachment where id = $1 and status = 'discarded'`, [id])
}

// While it is fetched, the row is not due: another process takes it up only when this one died.
const CLAIM = `
update attachment set attempts = attempts + 1, due_at = clock_timestamp() + interval '90 seconds'
 where id = $1 and status = 'pending' and (due_at is null or due_at <= clock_timestamp())
returning id, source, attempts`

// Of a petition's own file it is not known any more where it was taken. The source leads back to who sent it: it goes once the file is ours.
const STORED = `
update attachment
   set status = 'stored', mime = $2, bytes = $3, storage_key = $4, thumb_key = $5, width = $6, height = $7,
       latitud = case when peticion_id is null then $8::float8 end, longitud = case when peticion_id is null then $9::float8 end,
       source = null, due_at = null, error = null
 where id = $1 and status = 'pending'
returning conversation_id as "conversationId", peticion_id as "peticionId"`
