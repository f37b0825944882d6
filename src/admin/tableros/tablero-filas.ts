import type { EntityManager } from '@mikro-orm/postgresql'
import { DateTime } from 'luxon'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { ABIERTA, condicionesDe, type Filtro, type Marco, RESPONDIDA } from '../../workflow/peticion/filtro.ts'
import type { Dimension, Parte } from './tablero-partes.ts'

/** How wide a step of the trend is. */
export type Ancho = 'day' | 'week' | 'month'

/** What a summary is made with: `inhabiles` are ISO dates, `ancho` of the trend. */
export interface Medida {
  marco: Marco
  inhabiles: ReadonlySet<string>
  ancho: Ancho
}

/** What to read: all, or the totals alone; only what was received on `dias` (ISO dates), where they are given. */
export interface Lectura {
  todo: boolean
  dias?: readonly string[] | undefined
}

/** The petitions of a filter added up, in one reading of them. */
export function sumarFilas(
  em: EntityManager,
  actor: UsuarioActor,
  { desde, hasta, ...filtro }: Filtro,
  { marco, inhabiles, ancho }: Medida,
  { todo, dias }: Lectura,
): Promise<Parte[]> {
  const taken = [marco.hoy, marco.zona, [...inhabiles], dias?.[0] ?? desde ?? '2020-01-01', ancho]
  const within = dias ? filtro : { ...filtro, desde, hasta }
  const { partes, params, param } = condicionesDe(actor, within, marco, taken)
  const from = dias ? tramosSql(dias, marco, param) : 'peticion p'
  return sql(em, `${base(from, partes.join(' and '))} ${todo ? POR_CADA_CONJUNTO : TOTAL}`, params)
}

/** Days one after another are one stretch, which the index of receipt finds. */
function tramosSql(dias: readonly string[], { zona }: Marco, param: (value: unknown) => string): string {
  const start = (day: string, plus = 0) => DateTime.fromISO(day, { zone: zona }).plus({ days: plus })
  const stretches: { from: DateTime; to: DateTime }[] = []
  for (const day of dias) {
    const last = stretches.at(-1)
    if (last && last.to.toMillis() === start(day).toMillis()) last.to = start(day, 1)
    else stretches.push({ from: start(day), to: start(day, 1) })
  }
  const [a, b] = [param(stretches.map(({ from }) => from.toJSDate())), param(stretches.map(({ to }) => to.toJSDate()))]
  return `unnest(${a}::timestamptz[], ${b}::timestamptz[]) tramo(a, b) join peticion p on p.registrada_at >= tramo.a and p.registrada_at < tramo.b`
}

// A calendar that counts the working days makes each petition's days a subtraction.
const base = (from: string, condicion: string) => `
with dia as (
  select d::date as dia,
         count(*) filter (where extract(isodow from d) < 6 and d::date <> all($3::date[])) over (order by d) as habiles
    from generate_series($4::date, $1::date, interval '1 day') d
), base as (
  select p.dependencia_id as dependencia, p.categoria, p.colonia_clave as colonia, p.colonia as escrita, p.medio,
         p.enlace_id as enlace, date_trunc($5, p.registrada_at at time zone $2)::date as dia,
         ${ABIERTA} as abierta, ${RESPONDIDA} and p.resuelto as si, ${RESPONDIDA} and not p.resuelto as no,
         r.peticion_id is not null as reabierta, e.calificacion,
         case when ${RESPONDIDA} then fin.habiles - inicio.habiles end as dias
    from ${from}
    left join (select distinct peticion_id from movimiento where verbo = 'reabrir') r on r.peticion_id = p.id
    left join encuesta e on e.peticion_id = p.id
    left join dia inicio on inicio.dia = (p.registrada_at at time zone $2)::date
    left join dia fin on fin.dia = (p.concluida_at at time zone $2)::date
   where ${condicion}
)`

const CLAVE = `
  case when grouping(dependencia) = 0 then 'dependencia' when grouping(categoria) = 0 then 'categoria'
       when grouping(colonia) = 0 then 'colonia' when grouping(medio) = 0 then 'medio'
       when grouping(enlace) = 0 then 'enlace' when grouping(dia) = 0 then 'dia' else 'total' end as conjunto,
  coalesce(dependencia, categoria, colonia, medio, enlace::text, to_char(dia, 'YYYY-MM-DD')) as clave,
  case when grouping(colonia) = 0 then min(escrita collate "C") end as escrita`

const CONJUNTOS = `grouping sets ((dias), (dependencia, dias), (categoria, dias), (colonia, dias), (medio, dias), (enlace, dias), (dia, dias))`

const sumas = (clave: string, conjuntos: string) => `, por_dias as (
  select ${clave}, dias, count(*) as n, count(*) filter (where abierta) as abiertas, count(*) filter (where si) as si,
         count(*) filter (where no) as no, count(*) filter (where reabierta) as reabiertas, count(calificacion) as opinadas,
         coalesce(sum(calificacion), 0) as puntos
    from base group by ${conjuntos}
)
select conjunto, clave, min(escrita) as escrita, sum(n)::bigint as recibidas, sum(abiertas)::bigint as pendientes,
       sum(si)::bigint as resueltas, sum(no)::bigint as no_resueltas, sum(reabiertas)::bigint as reabiertas,
       sum(opinadas)::bigint as opinadas, sum(puntos)::bigint as puntos,
       jsonb_object_agg(dias, n) filter (where dias is not null) as dias
  from por_dias group by conjunto, clave`

const TOTAL = sumas(`'total' as conjunto, null as clave, null as escrita`, 'dias')
const POR_CADA_CONJUNTO = sumas(CLAVE, CONJUNTOS)

/** How many are overdue today, of each kind: few rows, and another count each day, so never summed beforehand. */
export function contarVencidas(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  marco: Marco,
): Promise<{ conjunto: Dimension | 'total'; clave: string | null; n: number }[]> {
  const { partes, params, param } = condicionesDe(actor, filtro, marco)
  return sql(
    em,
    `with base as (
       select p.dependencia_id as dependencia, p.categoria, p.colonia_clave as colonia, p.medio, p.enlace_id as enlace
         from peticion p where ${ABIERTA} and p.vence_el < ${param(marco.hoy)}::date and ${partes.join(' and ')}
     )
     select case when grouping(dependencia) = 0 then 'dependencia' when grouping(categoria) = 0 then 'categoria'
                 when grouping(colonia) = 0 then 'colonia' when grouping(medio) = 0 then 'medio'
                 when grouping(enlace) = 0 then 'enlace' else 'total' end as conjunto,
            coalesce(dependencia, categoria, colonia, medio, enlace::text) as clave, count(*)::bigint as n
       from base group by grouping sets ((), (dependencia), (categoria), (colonia), (medio), (enlace))`,
    params,
  )
}
