import type { PublicEvent } from '../../../src/channels/public-post.ts'
import type { Database } from '../../../src/runtime/database.ts'
import { sql } from '../../../src/runtime/sql.ts'
import { createSavePublic } from '../../../src/workflow/redes/guardar.ts'
import { fixture } from '../../channels/meta/context.ts'
import { readFixture } from '../../channels/meta/read.ts'

/** What a webhook body of Meta's says in public, by its file. */
export const sucesosDe = (...names: string[]): PublicEvent[] =>
  names.flatMap((name) => readFixture(fixture(name)).posts ?? [])

/** Stores what these bodies say, one after another. */
export async function llegan(database: Database, ...names: string[]): Promise<void> {
  for (const name of names) await createSavePublic(database, () => undefined)(sucesosDe(name))
}

/** What a comment's row says now. */
export interface FilaDeComentario {
  id: number
  texto: string | null
  propio: boolean
  oculto: boolean
  publicado: boolean
  borrado: boolean
  atendido: boolean
  contestado: boolean
  permalink: string | null
}

/** Rows by their platform's id. */
export const filas = (database: Database, externalId?: string) =>
  sql<FilaDeComentario>(
    database.fork(),
    `select id, texto, propio, oculto, publicado_at is not null as publicado, borrado_at is not null as borrado,
            atendido_at is not null as atendido, contestado_at is not null as contestado, permalink
       from comentario where $1::text is null or external_id = $1 order by id`,
    [externalId ?? null],
  )
