import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { alcance } from '../permisos.ts'

/** Why an answer that was accepted does not stand up to a second look. */
export const MOTIVOS_DE_MUESTRA = ['sin_evidencia', 'evidencia_ajena', 'no_se_hizo', 'mal_explicada', 'otro'] as const
export type MotivoDeMuestra = (typeof MOTIVOS_DE_MUESTRA)[number]

/** As many petitions a sample has at most. */
export const TOPE_DE_MUESTRA = 100

/** What to draw from: petitions validated on these days (ISO dates, both included), of one dependencia or of all. */
export interface Sorteo {
  del: string
  al: string
  dependencia: string | null
  tamano: number
  /** The same over the same petitions draws the same ones. */
  semilla: string
}

/** A sample, and how far its review is. */
export interface Muestra extends Sorteo {
  id: number
  dependenciaNombre: string | null
  /** How many there were to draw from. */
  universo: number
  quien: string
  createdAt: Date
  sacadas: number
  bien: number
  mal: number
}

/** Draws a sample of what this actor may see and writes down who drew it; undefined when there is nothing to draw from. */
export async function sacarMuestra(
  em: EntityManager,
  actor: UsuarioActor,
  sorteo: Sorteo,
  { zona, ahora }: { zona: string; ahora: Date },
): Promise<number | undefined> {
  const { del, al, dependencia, tamano, semilla } = sorteo
  const { sql: condicion, params } = alcance(actor, 7)
  const ids = await sql<{ id: number; universo: number }>(
    em,
    `select p.id, count(*) over () as universo from peticion p
      where p.estado = 'VALIDADO' and p.validada_at >= $1::date::timestamp at time zone $5
        and p.validada_at < ($2::date + 1)::timestamp at time zone $5 and ($3::text is null or p.dependencia_id = $3) and ${condicion}
      order by md5($4 || p.folio), p.id limit $6`,
    [del, al, dependencia, semilla, zona, tamano, ...params],
  )
  const [first] = ids
  if (!first) return undefined
  const made = await sqlOne<{ id: number }>(
    em,
    `insert into muestra (semilla, del, al, dependencia_id, tamano, universo, usuario_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [semilla, del, al, dependencia, tamano, first.universo, actor.id, ahora],
  )
  await sql(
    em,
    'insert into muestra_peticion (muestra_id, peticion_id, orden) select $1, id, n from unnest($2::bigint[]) with ordinality x(id, n)',
    [made?.id, ids.map(({ id }) => id)],
  )
  return made?.id
}

/** The samples there are, the last drawn first. */
export const muestras = (em: EntityManager): Promise<Muestra[]> =>
  sql(em, `${MUESTRA} group by m.id, d.nombre, u.nombre order by m.id desc limit 50`)

/** One of them. */
export const leerMuestra = (em: EntityManager, id: number): Promise<Muestra | undefined> =>
  sqlOne(em, `${MUESTRA} where m.id = $1 group by m.id, d.nombre, u.nombre`, [id])

/** A petition of a sample, and what was found. */
export interface Sacada {
  peticionId: number
  bien: boolean | null
  motivo: MotivoDeMuestra | null
  nota: string | null
  quien: string | null
  revisadaAt: Date | null
}

/** Those of a sample that this actor may see, in the order in which they were drawn. */
export function sacadasDe(em: EntityManager, actor: UsuarioActor, muestraId: number): Promise<Sacada[]> {
  const { sql: condicion, params } = alcance(actor, 2)
  return sql(
    em,
    `select i.peticion_id as "peticionId", i.bien, i.motivo, i.nota, u.nombre as quien, i.revisada_at as "revisadaAt"
       from muestra_peticion i join peticion p on p.id = i.peticion_id left join usuario u on u.id = i.usuario_id
      where i.muestra_id = $1 and ${condicion} order by i.orden`,
    [muestraId, ...params],
  )
}

/** Writes down what was found; another look replaces it. @returns false for a petition that is not in the sample or not in reach. */
export async function revisar(
  em: EntityManager,
  actor: UsuarioActor,
  lugar: { muestraId: number; folio: string },
  hallazgo: { bien: boolean; motivo: MotivoDeMuestra | null; nota: string | null },
  ahora: Date,
): Promise<boolean> {
  const { sql: condicion, params } = alcance(actor, 8)
  const done = await sql(
    em,
    `update muestra_peticion i set bien = $3, motivo = $4, nota = $5, usuario_id = $6, revisada_at = $7
       from peticion p where p.id = i.peticion_id and i.muestra_id = $1 and p.folio = $2 and ${condicion} returning 1`,
    [
      lugar.muestraId,
      lugar.folio,
      hallazgo.bien,
      hallazgo.bien ? null : hallazgo.motivo,
      hallazgo.nota,
      actor.id,
      ahora,
      ...params,
    ],
  )
  return done.length > 0
}

const MUESTRA = `
select m.id, m.semilla, to_char(m.del, 'YYYY-MM-DD') as del, to_char(m.al, 'YYYY-MM-DD') as al, m.dependencia_id as dependencia,
       d.nombre as "dependenciaNombre", m.tamano, m.universo, u.nombre as quien, m.created_at as "createdAt", count(i.*) as sacadas,
       count(*) filter (where i.bien) as bien, count(*) filter (where not i.bien) as mal
  from muestra m join usuario u on u.id = m.usuario_id left join dependencia d on d.id = m.dependencia_id
  left join muestra_peticion i on i.muestra_id = m.id`
