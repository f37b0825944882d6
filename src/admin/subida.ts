import { randomUUID } from 'node:crypto'
import type { MultipartFile } from '@fastify/multipart'
import type { EntityManager } from '@mikro-orm/postgresql'
import { fileTypeFromBuffer } from 'file-type'
import type { FileStore } from '../channels/channel.ts'
import type { Uso } from '../conversation/attachment.ts'
import { isDatabaseAway } from '../runtime/database-away.ts'
import { cleanImage } from '../runtime/image.ts'
import { sql } from '../runtime/sql.ts'
import { LARGEST_FILE } from '../workflow/mensajes/ingest-attachment.ts'

/** A file as the form brought it. */
export interface ArchivoSubido {
  fileName: string
  bytes: Buffer
  /** It was larger than the limit, and its end is missing. */
  cortado: boolean
}

/** Why a file is refused; the words for it are `error.<code>` of the views. */
export type ArchivoProblem = 'archivo_grande' | 'archivo_tipo' | 'archivo_danado'

/** A file that is checked, cleaned and in the storage; its row is still to be written. */
export interface ArchivoGuardado {
  id: string
  kind: 'document' | 'image'
  mime: string
  fileName: string
  bytes: number
  storageKey: string
  thumbKey: string | null
  width: number | null
  height: number | null
}

/** What @fastify/multipart is set to: files become values of the body, beside the fields. */
export const MULTIPART = {
  attachFieldsToBody: 'keyValues' as const,
  throwFileSizeLimit: false,
  limits: { fileSize: LARGEST_FILE, files: 8, fields: 100, fieldSize: 100_000, parts: 108 },
  async onFile(part: MultipartFile & { value?: unknown }) {
    const bytes = await part.toBuffer()
    const subido: ArchivoSubido = { fileName: part.filename, bytes, cortado: part.file.truncated }
    part.value = subido
  },
}

/** The files sent under a name; a field left empty comes as a file without bytes. */
export function archivosDe(body: unknown, name: string): ArchivoSubido[] {
  const value = Object.entries(typeof body === 'object' && body !== null ? body : {}).find(([key]) => key === name)?.[1]
  return [value].flat().filter((one): one is ArchivoSubido => isSubido(one) && one.bytes.byteLength > 0)
}

function isSubido(value: unknown): value is ArchivoSubido {
  return typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Buffer
}

const IMAGES = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif', 'image/avif']

/** Puts a scan or photograph into the storage: a PDF as it is, a picture upright and without what was hidden in it. */
export async function guardarArchivo(
  files: FileStore,
  { bytes, fileName, cortado }: ArchivoSubido,
): Promise<ArchivoGuardado | ArchivoProblem> {
  if (cortado) return 'archivo_grande'
  const mime = (await fileTypeFromBuffer(bytes))?.mime ?? ''
  const id = randomUUID()
  const storageKey = `adjuntos/${id.slice(0, 2)}/${id}`
  const base = { id, fileName: fileName.toWellFormed().replaceAll('\0', '').slice(-200), storageKey }
  if (mime === 'application/pdf') {
    await files.put(storageKey, bytes, mime)
    return { ...base, kind: 'document', mime, bytes: bytes.byteLength, thumbKey: null, width: null, height: null }
  }
  if (!IMAGES.includes(mime)) return 'archivo_tipo'
  const image = await cleanImage(bytes).catch(() => undefined)
  if (!image) return 'archivo_danado'
  const thumbKey = `${storageKey}.thumb`
  await files.put(storageKey, image.bytes, image.mime)
  await files.put(thumbKey, image.thumb, 'image/webp')
  const { width, height } = image
  return { ...base, kind: 'image', mime: image.mime, bytes: image.bytes.byteLength, thumbKey, width, height }
}

/** All of them, or the first that is refused and none. */
export async function guardarTodos(
  files: FileStore,
  subidos: readonly ArchivoSubido[],
): Promise<ArchivoGuardado[] | ArchivoProblem> {
  const guardados: ArchivoGuardado[] = []
  for (const subido of subidos) {
    const archivo = await guardarArchivo(files, subido)
    if (typeof archivo === 'string') {
      await borrarTodos(files, guardados)
      return archivo
    }
    guardados.push(archivo)
  }
  return guardados
}

/**
 * Takes away the bytes of files whose rows could not be written. Where the database gave no answer nobody knows whether they were: what
 * is there may be what a row names, and stays.
 */
export async function borrarTrasFallo(
  files: FileStore,
  guardados: readonly ArchivoGuardado[],
  error: unknown,
): Promise<void> {
  if (!isDatabaseAway(error)) await borrarTodos(files, guardados)
}

/** Takes the bytes of files away that no row will name. */
export async function borrarTodos(files: FileStore, guardados: readonly ArchivoGuardado[]): Promise<void> {
  const keys = guardados.flatMap(({ storageKey, thumbKey }) => [storageKey, thumbKey ?? []].flat())
  for (const key of keys) await files.delete(key)
}

/** Writes the row of a stored file, as `usuarioId`'s; of a petition, or of none yet. */
export async function registrarArchivo(
  em: EntityManager,
  one: ArchivoGuardado,
  de: { uso: Uso; usuarioId: number; peticionId?: number },
): Promise<void> {
  await sql(
    em,
    `insert into attachment (id, kind, mime, file_name, bytes, storage_key, thumb_key, width, height, uso, usuario_id, peticion_id, status, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'stored', null)`,
    [
      one.id,
      one.kind,
      one.mime,
      one.fileName,
      one.bytes,
      one.storageKey,
      one.thumbKey,
      one.width,
      one.height,
      de.uso,
      de.usuarioId,
      de.peticionId ?? null,
    ],
  )
}
