import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { ABIERTA, condicionesDe, type Filtro, type Marco, RESPONDIDA } from '../../workflow/peticion/filtro.ts'

/** What the dashboards say of a set of petitions. */
export interface Cuentas {
  recibidas: number
  pendientes: number
  vencidas: number
  resueltas: number
  no_resueltas: number
  reabiertas: number
  /** Working days from receipt to the dependencia's answer; null when none was answered. */
  mediana: number | null
  /** Nine of ten were answered within these. */
  p90: number | null
}

/** What the petitions are told apart by. */
export const DIMENSIONES = ['dependencia', 'categoria', 'colonia', 'medio', 'enlace'] as const
export type Dimension = (typeof DIMENSIONES)[number]

/** The petitions of one dependencia, one categoria…; `clave` null: those that have none. */
export type Renglon = Cuentas & { clave: string | null; nombre: string | null }

/** Those received within one step of the trend; `dia` is its first day, an ISO date. */
export type Paso = Cuentas & { dia: string }

/** A period in numbers. */
export interface Resumen {
  total: Cuentas
  por: Record<Dimension, Renglon[]>
  tendencia: Paso[]
}

/** How wide a step of the trend is. */
export type Ancho = 'day' | 'week' | 'month'

/** What a summary is made with: `inhabiles` are ISO dates, `ancho` of the trend. */
export interface Medida {
  marco: Marco
  inhabiles: ReadonlySet<string>
  ancho: Ancho
}

type Fila = Cuentas & { conjunto: Dimension | 'dia' | 'total'; clave: string | null; nombre: string | null }

/** Everything that can be said of the petitions of a filter, which has a period, in one reading of them. */
export async function resumir(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  medida: Medida,
): Promise<Resumen> {
  const rows = await leer(em, actor, filtro, medida, true)
  const of = (dimension: Dimension): Renglon[] =>
    rows
      .filter(({ conjunto }) => conjunto === dimension)
      .map((row) => ({ ...cuentasDe(row), clave: row.clave, nombre: row.nombre }))
      .sort((a, b) => b.recibidas - a.recibidas)
  const por = {
    dependencia: of('dependencia'),
    categoria: of('categoria'),
    colonia: of('colonia'),
    medio: of('medio'),
    enlace: of('enlace'),
  }
  const tendencia = rows
    .flatMap((row) => (row.conjunto === 'dia' && row.clave ? [{ ...cuentasDe(row), dia: row.clave }] : []))
    .sort((a, b) => (a.dia < b.dia ? -1 : 1))
  return { total: totalDe(rows), por, tendencia }
}

/** The totals alone. */
export async function totalizar(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  medida: Medida,
): Promise<Cuentas> {
  return totalDe(await leer(em, actor, filtro, medida, false))
}

/** What waits today, whenever it was received. */
export async function esperanHoy(
  em: EntityManager,
  actor: UsuarioActor,
  { desde: _desde, hasta: _hasta, ...filtro }: Filtro,
  marco: Marco,
): Promise<{ pendientes: number; vencidas: number; por_vencer: number }> {
  const { partes, params, param } = condicionesDe(actor, filtro, marco)
  const [hoy, dias] = [param(marco.hoy), param(marco.porVencerDias)]
  const [row] = await sql<{ pendientes: number; vencidas: number; por_vencer: number }>(
    em,
    `select count(*) as pendientes, count(*) filter (where p.vence_el < ${hoy}::date) as vencidas,
            count(*) filter (where p.vence_el between ${hoy}::date and ${hoy}::date + ${dias}::integer) as por_vencer
       from peticion p where ${ABIERTA} and ${partes.join(' and ')}`,
    params,
  )
  return row ?? { pendientes: 0, vencidas: 0, por_vencer: 0 }
}

const VACIO: Cuentas = {
  recibidas: 0,
  pendientes: 0,
  vencidas: 0,
  resueltas: 0,
  no_resueltas: 0,
  reabiertas: 0,
  mediana: null,
  p90: null,
}

const totalDe = (rows: Fila[]): Cuentas => {
  const row = rows.find(({ conjunto }) => conjunto === 'total')
  return row ? cuentasDe(row) : VACIO
}

const cuentasDe = ({ recibidas, pendientes, vencidas, resueltas, no_resueltas, reabiertas, mediana, p90 }: Fila) => ({
  recibidas,
  pendientes,
  vencidas,
  resueltas,
  no_resueltas,
  reabiertas,
  mediana,
  p90,
})

async function leer(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  { marco, inhabiles, ancho }: Medida,
  todo: boolean,
): Promise<Fila[]> {
  const { partes, params } = condicionesDe(actor, filtro, marco, [
    marco.hoy,
    marco.zona,
    [...inhabiles],
    filtro.desde ?? '2020-01-01',
    ancho,
  ])
  return sql(em, `${base(partes.join(' and '))} ${todo ? TODO : TOTAL}`, params)
}

// A calendar that counts the working days makes each petition's days a subtraction.
const base = (condicion: string) => `
with dia as (
  select d::date as dia,
         count(*) filter (where extract(isodow from d) < 6 and d::date <> all($3::date[])) over (order by d) as habiles
    from generate_series($4::date, $1::date, interval '1 day') d
), base as (
  select p.dependencia_id as dependencia, p.categoria, p.colonia_clave as colonia, p.colonia as escrita, p.medio,
         p.enlace_id as enlace, date_trunc($5, p.registrada_at at time zone $2)::date as dia,
         ${ABIERTA} as abierta, ${ABIERTA} and p.vence_el < $1::date as vencida,
         ${RESPONDIDA} and p.resuelto as si, ${RESPONDIDA} and not p.resuelto as no,
         r.peticion_id is not null as reabierta,
         case when ${RESPONDIDA} then fin.habiles - inicio.habiles end as dias
    from peticion p
    left join (select distinct peticion_id from movimiento where verbo = 'reabrir') r on r.peticion_id = p.id
    left join dia inicio on inicio.dia = (p.registrada_at at time zone $2)::date
    left join dia fin on fin.dia = (p.concluida_at at time zone $2)::date
   where ${condicion}
)`

// Counting by number of days first needs no sorting of the petitions: medians come from a few thousand sums.
const sumas = (clave: string, conjuntos: string) => `, por_dias as (
  select ${clave}, dias, count(*) as n, count(*) filter (where abierta) as abiertas, count(*) filter (where vencida) as vencidas,
         count(*) filter (where si) as si, count(*) filter (where no) as no, count(*) filter (where reabierta) as reabiertas
    from base group by ${conjuntos}
), hasta as (
  select *, sum(n) over (partition by conjunto, clave order by dias) as van,
         sum(n) filter (where dias is not null) over (partition by conjunto, clave) as respondidas
    from por_dias
), sumadas as (
  select conjunto, clave, min(escrita) as escrita, sum(n)::bigint as recibidas, sum(abiertas)::bigint as pendientes,
         sum(vencidas)::bigint as vencidas, sum(si)::bigint as resueltas, sum(no)::bigint as no_resueltas,
         sum(reabiertas)::bigint as reabiertas, min(dias) filter (where van >= 0.5 * respondidas) as mediana,
         min(dias) filter (where van >= 0.9 * respondidas) as p90
    from hasta group by conjunto, clave
)`

const TOTAL = `${sumas(`'total' as conjunto, null as clave, null as escrita`, 'dias')} select * from sumadas`

const CLAVE = `
  case when grouping(dependencia) = 0 then 'dependencia' when grouping(categoria) = 0 then 'categoria'
       when grouping(colonia) = 0 then 'colonia' when grouping(medio) = 0 then 'medio'
       when grouping(enlace) = 0 then 'enlace' when grouping(dia) = 0 then 'dia' else 'total' end as conjunto,
  coalesce(dependencia, categoria, colonia, medio, enlace::text, to_char(dia, 'YYYY-MM-DD')) as clave,
  case when grouping(colonia) = 0 then min(escrita collate "C") end as escrita`

const CONJUNTOS = `grouping sets ((dias), (dependencia, dias), (categoria, dias), (colonia, dias), (medio, dias), (enlace, dias), (dia, dias))`

const TODO = `${sumas(CLAVE, CONJUNTOS)}
select s.*, coalesce(d.nombre, c.nombre, u.nombre, s.escrita) as nombre
  from sumadas s
  left join dependencia d on s.conjunto = 'dependencia' and d.id = s.clave
  left join categoria c on s.conjunto = 'categoria' and c.id = s.clave
  left join usuario u on s.conjunto = 'enlace' and u.id::text = s.clave`

/** A square of the heat map: its south-west corner, and what was received in it. */
export interface Celda {
  latitud: number
  longitud: number
  n: number
  vencidas: number
}

/** Degrees along a side, about 500 m. */
export const LADO = 0.005

/** Where petitions come from; what is reservada lies on no map. */
export function celdasDe(em: EntityManager, actor: UsuarioActor, filtro: Filtro, marco: Marco): Promise<Celda[]> {
  const { partes, params, param } = condicionesDe(actor, filtro, marco)
  return sql(
    em,
    `select floor(p.latitud / ${LADO}) * ${LADO} as latitud, floor(p.longitud / ${LADO}) * ${LADO} as longitud,
            count(*) as n, count(*) filter (where ${ABIERTA} and p.vence_el < ${param(marco.hoy)}::date) as vencidas
       from peticion p
      where ${partes.join(' and ')} and p.latitud is not null and p.longitud is not null and not p.reservada
      group by 1, 2 order by 3 desc limit 2000`,
    params,
  )
}
