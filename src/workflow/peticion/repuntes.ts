import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { ABIERTA } from './filtro.ts'
import { abrir, asentar, type Contexto } from './paso.ts'

/** Many petitions of one category in one colonia in little time: probably one trouble. */
export interface Repunte {
  categoria: string
  asunto: string
  /** As `sin_acentos` writes it, and as somebody wrote it. */
  clave: string
  colonia: string
  total: number
  /** Those that are gathered under none, nor have others under them. */
  sueltas: number
  /** The newest, at most ten. */
  folios: string[]
  /** Folio of the one under which some were gathered before. */
  principal: string | null
}

/** What counts as one. */
export type Medida = Municipio['repunte']

/** The spikes of now, largest first. Reserved petitions are in none. */
export function repuntes(em: EntityManager, { minimo, horas }: Medida, ahora: Date): Promise<Repunte[]> {
  return sql(em, REPUNTES, [ahora, horas, minimo])
}

/** Open ones of the last hours that are no secret. */
const RECIENTES = `
  select p.*, exists (select from peticion h where h.principal_id = p.id) as madre
    from peticion p
   where p.registrada_at > $1::timestamptz - make_interval(hours => $2) and ${ABIERTA} and not p.reservada and p.colonia_clave is not null`

const REPUNTES = `
select categoria, min(asunto) as asunto, colonia_clave as clave, min(colonia) as colonia, count(*) as total,
       count(*) filter (where principal_id is null and not madre) as sueltas,
       (array_agg(folio order by id desc))[1:10] as folios, min(folio) filter (where madre) as principal
  from (${RECIENTES}) r
 group by categoria, colonia_clave
having count(*) >= $3 and count(*) filter (where principal_id is null) > 1
 order by total desc, categoria, clave`

/** Which spike. */
export type Cual = Pick<Repunte, 'categoria' | 'clave'>

/**
 * Gathers the open petitions of a spike under one: the one that already has others under it, else the oldest that is not anonymous, so
 * that neighbours may join it. Each keeps its folio, its state and whom it tells. Gives that one's folio and how many were gathered now;
 * undefined when there is nothing to gather. Done twice, it gathers nothing the second time.
 * @throws {FueraDeAlcance} {TransicionNoPermitida} for who may not change them.
 */
export async function reunir(
  em: EntityManager,
  actor: UsuarioActor,
  { categoria, clave }: Cual,
  { horas }: Medida,
  ctx: Contexto,
): Promise<{ folio: string; reunidas: number } | undefined> {
  const filas = await sql<{ id: number; folio: string }>(
    em,
    `select id, folio from (${RECIENTES}) r where categoria = $3 and colonia_clave = $4 and principal_id is null
      order by madre desc, anonima, id`,
    [ctx.ahora, horas, categoria, clave],
  )
  const [principal, ...otras] = filas
  if (!principal || otras.length === 0) return undefined
  // Whoever gathers the same ones at the same time waits here, and then finds them gathered.
  const ids = filas.map(({ id }) => id)
  await sql(em, 'select 1 from peticion where id = any($1) order by id for no key update', [ids])
  await abrir(em, principal.id, actor, 'anotar', ctx)
  let reunidas = 0
  for (const { id } of otras.toSorted((a, b) => a.id - b.id)) {
    const paso = await abrir(em, id, actor, 'anotar', ctx)
    if (typeof paso.peticion.principalId === 'number') continue
    await asentar(em, paso, {
      cambios: { principalId: principal.id },
      nota: `Se atiende junto con ${principal.folio}.`,
    })
    await sql(em, 'update peticion set principal_id = $1 where principal_id = $2', [principal.id, id])
    reunidas += 1
  }
  return { folio: principal.folio, reunidas }
}
