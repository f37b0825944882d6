import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Database } from '../../runtime/database.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { diasInhabilesDe } from '../catalogo/dias-inhabiles.ts'
import type { Municipio } from '../catalogo/municipio.ts'
import { ABIERTA, RESPONDIDA } from './filtro.ts'
import { diaDe } from './plazo.ts'

/** The days that sums are made by: the zone that says which day it was, and the days off as ISO dates. */
export interface Calendario {
  zona: string
  inhabiles: ReadonlySet<string>
  /** ISO date of the municipality. */
  hoy: string
}

/** Names a calendar: sums that were made with another one do not hold. */
export function huellaDeCalendario({ zona, inhabiles }: Calendario): string {
  return createHash('sha256')
    .update([zona, ...[...inhabiles].toSorted()].join(' '))
    .digest('hex')
    .slice(0, 32)
}

/** `ponerSumasAlDia` by the municipality's calendar of now: what the worker does each minute. */
export async function sumarParaTableros(database: Database, municipio: Municipio, now: Date): Promise<void> {
  const inhabiles = await diasInhabilesDe(database.fork(), municipio, now)
  const zona = municipio.zona_horaria
  await ponerSumasAlDia(database, { zona, inhabiles, hoy: diaDe(now, zona) })
}

/** As many months one run makes anew, and as many changes it takes up at once. */
const MESES = 60
const CAMBIOS = 20_000

/** One at a time in the whole house. */
const CERROJO = 5_202_611

/**
 * Brings the sums of the dashboards up to date: the days whose petitions changed, and the months that were never summed or by another
 * calendar. Each month in a transaction of its own; run again, or by two at once, it comes to the same.
 * @returns how many days were summed.
 */
export async function ponerSumasAlDia(database: Database, calendario: Calendario): Promise<number> {
  let days = 0
  const huella = huellaDeCalendario(calendario)
  for (const { mes } of await sql<{ mes: string }>(database.fork(), SIN_SUMA, [calendario.zona, huella, MESES])) {
    days += await database.fork().transactional((em) => sumarMes(em, calendario, mes, null))
  }
  return days + (await database.fork().transactional((em) => sumarCambios(em, calendario, huella)))
}

/** Marks and sums go in one transaction: whoever reads sees the old sums with the marks, or the new ones without. */
async function sumarCambios(em: EntityManager, calendario: Calendario, huella: string): Promise<number> {
  if (!(await tomarCerrojo(em))) return 0
  const changed = await sql<{ dia: string; mes: string }>(em, TOMAR_CAMBIOS, [calendario.zona, CAMBIOS])
  const held = await sql<{ mes: string }>(
    em,
    "select to_char(mes, 'YYYY-MM-DD') as mes from suma_mes where calendario = $1",
    [huella],
  )
  let days = 0
  for (const [mes, dias] of Map.groupBy(changed, (one) => one.mes)) {
    const whole = !held.some((one) => one.mes === mes)
    days += await sumar(em, calendario, mes, whole ? null : dias.map(({ dia }) => dia))
  }
  return days
}

async function sumarMes(
  em: EntityManager,
  calendario: Calendario,
  mes: string,
  dias: string[] | null,
): Promise<number> {
  return (await tomarCerrojo(em)) ? sumar(em, calendario, mes, dias) : 0
}

async function tomarCerrojo(em: EntityManager): Promise<boolean> {
  return (await sqlOne<{ mio: boolean }>(em, 'select pg_try_advisory_xact_lock($1) as mio', [CERROJO]))?.mio === true
}

/** Sums these days of a month, all of them when `dias` is null, and from its days the month. */
async function sumar(em: EntityManager, calendario: Calendario, mes: string, dias: string[] | null): Promise<number> {
  const { zona, inhabiles, hoy } = calendario
  await sql(
    em,
    `delete from suma where grano = 'd' and desde >= $1::date and desde < $1::date + interval '1 month' and ($2::date[] is null or desde = any($2))`,
    [mes, dias],
  )
  const made = await sql<{ dia: string }>(em, DIAS, [mes, zona, [...inhabiles], hoy, dias])
  await sql(em, "delete from suma where grano = 'm' and desde = $1", [mes])
  await sql(em, MES, [mes])
  await sql(
    em,
    'insert into suma_mes (mes, calendario) values ($1, $2) on conflict (mes) do update set calendario = excluded.calendario',
    [mes, huellaDeCalendario(calendario)],
  )
  return new Set(made.map(({ dia }) => dia)).size
}

const SIN_SUMA = `
select to_char(m, 'YYYY-MM-DD') as mes
  from (select min(registrada_at) at time zone $1 as primero, max(registrada_at) at time zone $1 as ultimo from peticion) p,
       generate_series(date_trunc('month', primero), ultimo, interval '1 month') m
 where not exists (select from suma_mes s where s.mes = m::date and s.calendario = $2)
 order by m desc limit $3`

const TOMAR_CAMBIOS = `
with tomados as (
  delete from suma_cambio where id in (select id from suma_cambio order by id limit $2) returning (registrada_at at time zone $1)::date as dia
) select distinct to_char(dia, 'YYYY-MM-DD') as dia, to_char(date_trunc('month', dia), 'YYYY-MM-DD') as mes from tomados order by 1`

// Each petition is counted for the town and for its dependencia, as a whole and under each of its kinds.
const DIAS = `
with dia as (
  select d::date as dia,
         count(*) filter (where extract(isodow from d) < 6 and d::date <> all($3::date[])) over (order by d) as habiles
    from generate_series($1::date, $4::date, interval '1 day') d
), base as (
  select (p.registrada_at at time zone $2)::date as dia, p.reservada, p.dependencia_id, p.categoria, p.colonia_clave, p.colonia, p.medio,
         p.enlace_id, ${ABIERTA} as abierta, ${RESPONDIDA} and p.resuelto as si, ${RESPONDIDA} and not p.resuelto as no,
         exists (select from movimiento m where m.peticion_id = p.id and m.verbo = 'reabrir') as reabierta, e.calificacion,
         case when ${RESPONDIDA} then fin.habiles - inicio.habiles end as dias
    from peticion p
    left join encuesta e on e.peticion_id = p.id
    left join dia inicio on inicio.dia = (p.registrada_at at time zone $2)::date
    left join dia fin on fin.dia = (p.concluida_at at time zone $2)::date
   where p.registrada_at >= $1::date::timestamp at time zone $2
     and p.registrada_at < ($1::date + interval '1 month') at time zone $2
     and ($5::date[] is null or (p.registrada_at at time zone $2)::date = any($5))
), por_dias as (
  select a.ambito, b.reservada, v.conjunto, coalesce(v.clave, '') as clave, b.dia, b.dias, min(v.escrita collate "C") as escrita, count(*) as n,
         count(*) filter (where abierta) as abiertas, count(*) filter (where si) as si, count(*) filter (where no) as no,
         count(*) filter (where reabierta) as reabiertas, count(calificacion) as opinadas, coalesce(sum(calificacion), 0) as puntos
    from base b
   cross join lateral (values ('*'), (coalesce(b.dependencia_id, '-'))) a(ambito)
   cross join lateral (values ('total', null, null), ('dependencia', b.dependencia_id, null), ('categoria', b.categoria, null),
                              ('colonia', b.colonia_clave, b.colonia), ('medio', b.medio, null), ('enlace', b.enlace_id::text, null)) v(conjunto, clave, escrita)
   group by a.ambito, b.reservada, v.conjunto, v.clave, b.dia, b.dias
)
insert into suma (grano, desde, ambito, reservada, conjunto, clave, escrita, recibidas, pendientes, resueltas, no_resueltas, reabiertas, opinadas, puntos, dias)
select 'd', dia, ambito, reservada, conjunto, clave, min(escrita), sum(n), sum(abiertas), sum(si), sum(no), sum(reabiertas), sum(opinadas),
       sum(puntos), jsonb_object_agg(dias, n) filter (where dias is not null)
  from por_dias group by dia, ambito, reservada, conjunto, clave
returning to_char(desde, 'YYYY-MM-DD') as dia`

const MES = `
with delmes as (
  select * from suma where grano = 'd' and desde >= $1::date and desde < $1::date + interval '1 month'
), pares as (
  select ambito, reservada, conjunto, clave, k.key, sum(k.value::integer) as n
    from delmes, jsonb_each(delmes.dias) k group by 1, 2, 3, 4, 5
), histogramas as (
  select ambito, reservada, conjunto, clave, jsonb_object_agg(key, n) as dias from pares group by 1, 2, 3, 4
), sumadas as (
  select ambito, reservada, conjunto, clave, min(escrita) as escrita, sum(recibidas) as recibidas, sum(pendientes) as pendientes,
         sum(resueltas) as resueltas, sum(no_resueltas) as no_resueltas, sum(reabiertas) as reabiertas, sum(opinadas) as opinadas, sum(puntos) as puntos
    from delmes group by 1, 2, 3, 4
)
insert into suma (grano, desde, ambito, reservada, conjunto, clave, escrita, recibidas, pendientes, resueltas, no_resueltas, reabiertas, opinadas, puntos, dias)
select 'm', $1::date, ambito, reservada, conjunto, clave, escrita, recibidas, pendientes, resueltas, no_resueltas, reabiertas, opinadas, puntos, dias
  from sumadas left join histogramas using (ambito, reservada, conjunto, clave)`
