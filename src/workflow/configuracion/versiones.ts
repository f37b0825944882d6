import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** Texts of documents by their names; a name is that of the file in config/ without its ending. */
export type Documentos = Readonly<Record<string, string>>

/** Where a publication came from. */
export type Origen = 'archivo' | 'panel' | 'importacion'

/** The configuration in force: the newest version of each document, and the publication that made it so; 0 when there is none yet. */
export interface Vigente {
  publicacion: number
  documentos: Documentos
}

/** What is written down of a publication beside the documents. */
export interface Asiento {
  origen: Origen
  usuarioId?: number | undefined
  nota: string
  /** The publication that this one takes back. */
  deshace?: number | undefined
  /** What else it did, in numbers. */
  efecto?: Readonly<Record<string, number>>
}

/** Publications take turns, and the configuration stays as it is read until the transaction ends. */
export const esperarTurno = (tx: EntityManager) =>
  sql(tx, `select pg_advisory_xact_lock(hashtext('canaliza-configuracion'))`)

/** The newest version of each document. */
export async function leerVigente(em: EntityManager): Promise<Vigente> {
  const rows = await sql<{ documento: string; contenido: string; publicacion: number }>(
    em,
    `select distinct on (documento) documento, contenido, publicacion_id as publicacion
       from configuracion_version order by documento, publicacion_id desc`,
  )
  return {
    publicacion: Math.max(0, ...rows.map((row) => row.publicacion)),
    documentos: Object.fromEntries(rows.map(({ documento, contenido }) => [documento, contenido])),
  }
}

/** The last publication; 0 when there is none. */
export async function ultimaPublicacion(em: EntityManager): Promise<number> {
  const row = await sqlOne<{ id: number | null }>(em, 'select max(id) as id from configuracion_publicacion')
  return row?.id ?? 0
}

/** Writes a publication with the documents that it changes. @returns its number. */
export async function asentar(tx: EntityManager, asiento: Asiento, documentos: Documentos, at: Date): Promise<number> {
  const { origen, usuarioId = null, nota, deshace = null, efecto = {} } = asiento
  const row = await sqlOne<{ id: number }>(
    tx,
    `insert into configuracion_publicacion (at, origen, usuario_id, nota, deshace, efecto)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [at, origen, usuarioId, nota, deshace, JSON.stringify(efecto)],
  )
  const id = row?.id ?? 0
  for (const [documento, contenido] of Object.entries(documentos)) {
    await sql(
      tx,
      'insert into configuracion_version (documento, publicacion_id, contenido, sha256) values ($1, $2, $3, $4)',
      [documento, id, contenido, createHash('sha256').update(contenido).digest('hex')],
    )
  }
  return id
}

/** A document in a publication, and as it was before it; null when it was new. */
export interface VersionConAnterior {
  documento: string
  antes: string | null
  despues: string
}

/** The documents that a publication changed. */
export const versionesDe = (em: EntityManager, publicacion: number): Promise<VersionConAnterior[]> =>
  sql(
    em,
    `select v.documento, v.contenido as despues,
            (select a.contenido from configuracion_version a
              where a.documento = v.documento and a.publicacion_id < v.publicacion_id
              order by a.publicacion_id desc limit 1) as antes
       from configuracion_version v where v.publicacion_id = $1 order by v.documento`,
    [publicacion],
  )

/** The newest versions of a document first. */
export const ultimasVersiones = (
  em: EntityManager,
  documento: string,
  cuantas: number,
): Promise<{ publicacion: number; contenido: string }[]> =>
  sql(
    em,
    `select publicacion_id as publicacion, contenido from configuracion_version
      where documento = $1 order by publicacion_id desc limit $2`,
    [documento, cuantas],
  )

/** A publication as the history shows it. */
export interface Publicacion {
  id: number
  at: Date
  origen: Origen
  usuario: string | null
  nota: string
  deshace: number | null
  deshecha: number | null
  efecto: Record<string, number>
  documentos: string[]
}

const PUBLICACIONES = `
select p.id, p.at, p.origen, u.nombre as usuario, p.nota, p.deshace, p.efecto,
       (select min(d.id) from configuracion_publicacion d where d.deshace = p.id) as deshecha,
       array(select v.documento from configuracion_version v where v.publicacion_id = p.id order by v.documento) as documentos
  from configuracion_publicacion p left join usuario u on u.id = p.usuario_id`

/** The newest publications first, from before `antesDe`. */
export const publicaciones = (em: EntityManager, antesDe: number | null, cuantas: number): Promise<Publicacion[]> =>
  sql(em, `${PUBLICACIONES} where p.id < coalesce($1, p.id + 1) order by p.id desc limit $2`, [antesDe, cuantas])

/** One of them; undefined when there is none. */
export const publicacionDe = (em: EntityManager, id: number): Promise<Publicacion | undefined> =>
  sqlOne(em, `${PUBLICACIONES} where p.id = $1`, [id])
