import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** What may be done to many petitions at once: what needs the same words, or none, for each of them. */
export const VERBOS_EN_BLOQUE = ['recibir', 'canalizar', 'recanalizar', 'validar', 'anotar'] as const
export type VerboEnBloque = (typeof VERBOS_EN_BLOQUE)[number]

/** As many petitions one act takes. */
export const TOPE_DE_LOTE = 500

/** Minutes in which it may be taken back; so long nobody outside is told. */
export const MINUTOS_PARA_DESHACER = 5

/** What the verb is done with, alike for all; without `dependencia`, `canalizar` sends each where its category says. */
export interface DatosDeLote {
  dependencia?: string | undefined
  enlace?: number | undefined
  motivo?: string | undefined
  nota?: string | undefined
}

/** An act on many petitions. */
export interface Lote {
  id: string
  usuarioId: number
  verbo: VerboEnBloque
  datos: DatosDeLote
  createdAt: Date
  deshacerHasta: Date
  /** When it was asked to be taken back. */
  deshechoAt: Date | null
}

/** A petition as it was when it was chosen. */
export interface Elegida {
  id: number
  version: number
}

/** Writes down what is to be done, in the transaction of `em`; false when this very act was asked for before. */
export async function crearLote(
  em: EntityManager,
  lote: Pick<Lote, 'id' | 'usuarioId' | 'verbo' | 'datos'> & { ahora: Date },
  elegidas: readonly Elegida[],
): Promise<boolean> {
  const made = await sql(
    em,
    `insert into lote (id, usuario_id, verbo, datos, created_at, deshacer_hasta)
     values ($1, $2, $3, $4, $5, $5::timestamptz + make_interval(mins => $6)) on conflict do nothing returning 1`,
    [lote.id, lote.usuarioId, lote.verbo, JSON.stringify(lote.datos), lote.ahora, MINUTOS_PARA_DESHACER],
  )
  if (made.length === 0) return false
  await sql(
    em,
    `insert into lote_peticion (lote_id, peticion_id, version)
     select $1, x.id, x.version from unnest($2::bigint[], $3::integer[]) x(id, version) join peticion using (id) on conflict do nothing`,
    [lote.id, elegidas.map((one) => one.id), elegidas.map((one) => one.version)],
  )
  return true
}

/** The act with this id. */
export const leerLote = (em: EntityManager, id: string): Promise<Lote | undefined> =>
  sqlOne(
    em,
    `select id, usuario_id as "usuarioId", verbo, datos, created_at as "createdAt", deshacer_hasta as "deshacerHasta",
            deshecho_at as "deshechoAt" from lote where id = $1`,
    [id],
  )

/** What became of the petitions of an act, by outcome. */
export interface Resultado {
  /** `hecha`, or the code of what stood in the way; null while they wait. */
  resultado: string | null
  /** The same of taking them back. */
  vuelta: string | null
  folio: string
}

/** One line for each petition, in the order in which they are done. */
export const resultadosDe = (em: EntityManager, loteId: string): Promise<Resultado[]> =>
  sql(
    em,
    `select i.resultado, i.vuelta, p.folio from lote_peticion i join peticion p on p.id = i.peticion_id
      where i.lote_id = $1 order by i.peticion_id`,
    [loteId],
  )

/**
 * From now on nothing more of it is done, and what was done is taken back.
 * @returns false when its time is over, it is another's, or it was taken back before.
 */
export async function pedirDeshacer(em: EntityManager, id: string, usuarioId: number, ahora: Date): Promise<boolean> {
  const row = await sqlOne(
    em,
    `update lote set deshecho_at = $3
      where id = $1 and usuario_id = $2 and deshecho_at is null and deshacer_hasta >= $3 returning id`,
    [id, usuarioId, ahora],
  )
  return row !== undefined
}

/** Ids of the acts that a process left before their end. */
export async function lotesPendientes(em: EntityManager): Promise<string[]> {
  const rows = await sql<{ id: string }>(
    em,
    `select id from lote l
      where exists (select from lote_peticion i where i.lote_id = l.id and i.resultado is null)
         or (l.deshecho_at > now() - interval '1 hour'
             and exists (select from lote_peticion i where i.lote_id = l.id and i.resultado = 'hecha' and i.vuelta is null))
      order by created_at limit 50`,
  )
  return rows.map(({ id }) => id)
}
