import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { FileStore } from '../../channels/channel.ts'
import type { MediaKind } from '../../channels/message.ts'
import { sql } from '../../runtime/sql.ts'

interface Archivo {
  id: string
  kind: MediaKind
  mime: string
  storageKey: string
  thumbKey: string | null
}

/**
 * The files of an anonymous petition get names of their own in the storage: the old ones were those by which the conversation
 * knew them. The old files are left to be discarded. Run twice it ends the same.
 */
export async function separarArchivos(em: EntityManager, files: FileStore, peticionId: number): Promise<void> {
  const archivos = await sql<Archivo>(
    em,
    `select id, kind, mime, storage_key as "storageKey", thumb_key as "thumbKey" from attachment
      where peticion_id = $1 and status = 'stored' and strpos(storage_key, id::text) = 0`,
    [peticionId],
  )
  for (const archivo of archivos) await separar(em, files, archivo)
}

async function separar(em: EntityManager, files: FileStore, archivo: Archivo): Promise<void> {
  const { id, mime, storageKey, thumbKey } = archivo
  const key = `adjuntos/${id.slice(0, 2)}/${id}`
  await files.put(key, await files.get(storageKey), mime)
  if (thumbKey) await files.put(`${key}.thumb`, await files.get(thumbKey), 'image/webp')
  await em.transactional(async (tx) => {
    const renamed = await sql(
      tx,
      'update attachment set storage_key = $3, thumb_key = $4 where id = $1 and storage_key = $2 returning 1',
      [id, storageKey, key, thumbKey && `${key}.thumb`],
    )
    if (renamed.length > 0) await sql(tx, DESCARTAR, [randomUUID(), archivo.kind, storageKey, thumbKey])
  })
}

const DESCARTAR = `
insert into attachment (id, kind, status, storage_key, thumb_key, created_at, due_at)
values ($1, $2, 'discarded', $3, $4, date_trunc('hour', now()), date_trunc('hour', now()))`
