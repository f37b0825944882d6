import type { EntityManager } from '@mikro-orm/postgresql'
import { DateTime } from 'luxon'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { alcancePorDependencia } from '../../workflow/permisos.ts'
import type { Filtro } from '../../workflow/peticion/filtro.ts'
import { huellaDeCalendario } from '../../workflow/peticion/sumas.ts'
import { type Lectura, type Medida, sumarFilas } from './tablero-filas.ts'
import type { Parte } from './tablero-partes.ts'

/** More days to read from the rows than this, and they are all read from there. */
const MUCHOS = 120

/**
 * The petitions of a filter added up: from the sums where they hold and say what is asked, the days that changed since from the rows,
 * and all from the rows where the filter asks for more than a period and a dependencia. `em` is in a transaction that sees one moment.
 */
export async function sumar(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  medida: Medida,
  todo: boolean,
): Promise<Parte[]> {
  const ambitos = ambitosDe(actor, filtro)
  const { desde, hasta } = filtro
  if (!ambitos || !desde || !hasta) return sumarFilas(em, actor, filtro, medida, { todo })
  const plan = await planear(em, { desde, hasta }, medida)
  if (plan.filas.length > MUCHOS || plan.meses.length + plan.dias.length === 0) {
    return sumarFilas(em, actor, filtro, medida, { todo })
  }
  const sumadas = await leerSumas(em, ambitos, plan, medida, todo)
  if (plan.filas.length === 0) return sumadas
  const lectura: Lectura = { todo, dias: plan.filas }
  return [...sumadas, ...(await sumarFilas(em, actor, filtro, medida, lectura))]
}

/** Whose sums: `*` is the whole town, `-` what has no dependencia. */
interface Ambitos {
  libres: readonly string[]
  reservadas: readonly string[]
}

/** undefined: sums do not tell apart what this filter or this actor's reach tells apart. */
function ambitosDe(actor: UsuarioActor, { desde: _d, hasta: _h, dependencia, ...mas }: Filtro): Ambitos | undefined {
  const reach = alcancePorDependencia(actor)
  if (!reach || Object.values(mas).some((value) => value !== undefined)) return undefined
  const within = (propias: 'todas' | readonly string[]): readonly string[] => {
    if (dependencia === undefined) return propias === 'todas' ? ['*'] : propias
    if (dependencia === null) return propias === 'todas' ? ['-'] : []
    return propias === 'todas' || propias.includes(dependencia) ? [dependencia] : []
  }
  return { libres: within(reach.libres), reservadas: within(reach.reservadas) }
}

/** ISO dates: whole months and days that are read from the sums, and days that are read from the rows. */
interface Plan {
  meses: string[]
  dias: string[]
  filas: string[]
}

async function planear(
  em: EntityManager,
  { desde, hasta }: { desde: string; hasta: string },
  { marco: { zona, hoy }, inhabiles }: Medida,
): Promise<Plan> {
  const huella = huellaDeCalendario({ zona, inhabiles, hoy })
  const valid = new Set((await sql<{ mes: string }>(em, VALIDOS, [huella, desde, hasta])).map(({ mes }) => mes))
  const changed = new Set((await sql<{ dia: string }>(em, CAMBIADOS, [zona, desde, hasta])).map(({ dia }) => dia))
  const plan: Plan = { meses: [], dias: [], filas: [] }
  for (
    let mes = DateTime.fromISO(desde, { zone: 'utc' }).startOf('month');
    mes.toFormat(ISO) <= hasta;
    mes = mes.plus({ months: 1 })
  ) {
    const days = diasDe(mes)
    const asked = days.filter((day) => day >= desde && day <= hasta)
    const holds = valid.has(mes.toFormat(ISO))
    // Of the days to come there is nothing, so the month in progress is whole today.
    const whole = days.every((day) => day > hoy || (day >= desde && day <= hasta && !changed.has(day)))
    if (holds && whole) plan.meses.push(mes.toFormat(ISO))
    else for (const day of asked) (holds && !changed.has(day) ? plan.dias : plan.filas).push(day)
  }
  return plan
}

const ISO = 'yyyy-MM-dd'

const diasDe = (mes: DateTime): string[] =>
  Array.from({ length: mes.daysInMonth ?? 31 }, (_, at) => mes.plus({ days: at }).toFormat(ISO))

const VALIDOS = `
select to_char(mes, 'YYYY-MM-DD') as mes from suma_mes
 where calendario = $1 and mes between date_trunc('month', $2::date) and $3::date`

const CAMBIADOS = `
select distinct to_char(registrada_at at time zone $1, 'YYYY-MM-DD') as dia from suma_cambio
 where registrada_at >= $2::date::timestamp at time zone $1 and registrada_at < ($3::date + 1)::timestamp at time zone $1`

/** `soloPaso`: a day of a month that was read as a whole, for the trend alone. */
type Fila = Parte & { desde: string; grano: 'd' | 'm'; soloPaso: boolean }

async function leerSumas(
  em: EntityManager,
  { libres, reservadas }: Ambitos,
  { meses, dias }: Plan,
  { ancho }: Medida,
  todo: boolean,
): Promise<Parte[]> {
  const pasos = todo && ancho !== 'month' ? meses.flatMap((mes) => diasDe(DateTime.fromISO(mes, { zone: 'utc' }))) : []
  const rows = await sql<Fila>(em, SUMAS, [meses, dias, pasos, libres, reservadas, todo])
  const partes: Parte[] = []
  for (const { desde, grano, soloPaso, ...row } of rows) {
    if (!soloPaso) partes.push({ ...row, clave: row.clave === '' ? null : row.clave })
    if (todo && row.conjunto === 'total' && (grano === 'd' || ancho === 'month'))
      partes.push({ ...row, conjunto: 'dia', clave: pasoDe(desde, ancho) })
  }
  return partes.map((parte) => (parte.conjunto === 'total' ? { ...parte, clave: null } : parte))
}

const pasoDe = (day: string, ancho: Medida['ancho']) =>
  DateTime.fromISO(day, { zone: 'utc' }).startOf(ancho).toFormat(ISO)

// Each kind of sum from its own place in the index: one condition for all of them reads every day of the town.
const deSuma = (soloPaso: boolean, donde: string) => `
select s.conjunto, s.clave, s.escrita, to_char(s.desde, 'YYYY-MM-DD') as desde, s.recibidas, s.pendientes, s.resueltas, s.no_resueltas,
       s.reabiertas, s.opinadas, s.puntos, s.dias, s.grano, ${soloPaso} as "soloPaso"
  from suma s
 where ${donde} and s.ambito = any($4::text[] || $5::text[])
   and s.ambito = any(case when s.reservada then $5::text[] else $4::text[] end)`

const SUMAS = [
  deSuma(false, "s.grano = 'm' and s.desde = any($1::date[]) and ($6 or s.conjunto = 'total')"),
  deSuma(false, "s.grano = 'd' and s.desde = any($2::date[]) and ($6 or s.conjunto = 'total')"),
  deSuma(true, "s.grano = 'd' and s.desde = any($3::date[]) and s.conjunto = 'total'"),
].join(' union all ')
