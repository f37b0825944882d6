import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import { ABIERTA, condicionesDe, type Filtro, type Marco } from '../../workflow/peticion/filtro.ts'
import { contarVencidas, type Medida } from './tablero-filas.ts'
import { type Dimension, enCuantosDias, type Junta, juntar } from './tablero-partes.ts'
import { sumar } from './tablero-sumas.ts'

/** What the dashboards say of a set of petitions. */
export interface Cuentas {
  recibidas: number
  pendientes: number
  vencidas: number
  resueltas: number
  no_resueltas: number
  reabiertas: number
  /** How many the citizen rated. */
  opinadas: number
  /** What they gave on average, from 1 to 5; null when nobody did. */
  satisfaccion: number | null
  /** Working days from receipt to the dependencia's answer; null when none was answered. */
  mediana: number | null
  /** Nine of ten were answered within these. */
  p90: number | null
}

/** The petitions of one dependencia, one categoria…; `clave` null: those that have none. */
export type Renglon = Cuentas & { clave: string | null; nombre: string | null }

/** Those received within one step of the trend; `dia` is its first day, an ISO date. */
export interface Paso {
  dia: string
  recibidas: number
  respondidas: number
}

/** A period in numbers. */
export interface Resumen {
  total: Cuentas
  por: Record<Dimension, Renglon[]>
  tendencia: Paso[]
}

/** Everything that can be said of the petitions of a filter, which has a period. */
export async function resumir(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  medida: Medida,
): Promise<Resumen> {
  const { juntas, vencidas, nombres } = await enUnMomento(em, async (tx) => ({
    juntas: juntar(await sumar(tx, actor, filtro, medida, true)),
    vencidas: await vencidasDe(tx, actor, filtro, medida.marco),
    nombres: await nombresDe(tx),
  }))
  const of = (dimension: Dimension): Renglon[] =>
    juntas
      .filter(({ conjunto }) => conjunto === dimension)
      .map((junta) => ({
        ...cuentasDe(junta, vencidas),
        clave: junta.clave,
        nombre: nombres.get(`${dimension} ${junta.clave}`) ?? junta.escrita,
      }))
      .sort((a, b) => b.recibidas - a.recibidas || enOrden(a, b))
  const por = {
    dependencia: of('dependencia'),
    categoria: of('categoria'),
    colonia: of('colonia'),
    medio: of('medio'),
    enlace: of('enlace'),
  }
  return { total: totalDe(juntas, vencidas), por, tendencia: tendenciaDe(juntas) }
}

// As many: by name, so that a page asked for again shows them in the same places.
const enOrden = (a: Renglon, b: Renglon) => ((a.nombre ?? a.clave ?? '') < (b.nombre ?? b.clave ?? '') ? -1 : 1)

/** The totals alone. */
export async function totalizar(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  medida: Medida,
): Promise<Cuentas> {
  return enUnMomento(em, async (tx) =>
    totalDe(juntar(await sumar(tx, actor, filtro, medida, false)), await vencidasDe(tx, actor, filtro, medida.marco)),
  )
}

/** Sums, what changed since, and rows are of one and the same moment. */
const enUnMomento = <T>(em: EntityManager, read: (tx: EntityManager) => Promise<T>): Promise<T> =>
  em.transactional(read, { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true })

type Vencidas = ReadonlyMap<string, number>

const lugarDe = ({ conjunto, clave }: { conjunto: string; clave: string | null }) => `${conjunto} ${clave ?? ''}`

async function vencidasDe(em: EntityManager, actor: UsuarioActor, filtro: Filtro, marco: Marco): Promise<Vencidas> {
  const rows = await contarVencidas(em, actor, filtro, marco)
  return new Map(rows.map((row) => [lugarDe(row), row.n]))
}

/** What codes are called, by dimension. */
async function nombresDe(em: EntityManager): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ clave: string; nombre: string }>(
    em,
    `select 'dependencia ' || id as clave, nombre from dependencia union all select 'categoria ' || id, nombre from categoria
     union all select 'enlace ' || id, nombre from usuario`,
  )
  return new Map(rows.map(({ clave, nombre }) => [clave, nombre]))
}

const tendenciaDe = (juntas: readonly Junta[]): Paso[] =>
  juntas
    .flatMap(({ conjunto, clave, recibidas, resueltas, no_resueltas }) =>
      conjunto === 'dia' && clave ? [{ dia: clave, recibidas, respondidas: resueltas + no_resueltas }] : [],
    )
    .sort((a, b) => (a.dia < b.dia ? -1 : 1))

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
  opinadas: 0,
  satisfaccion: null,
  mediana: null,
  p90: null,
}

const totalDe = (juntas: readonly Junta[], vencidas: Vencidas): Cuentas => {
  const junta = juntas.find(({ conjunto }) => conjunto === 'total')
  return junta ? cuentasDe(junta, vencidas) : VACIO
}

const cuentasDe = (junta: Junta, vencidas: Vencidas): Cuentas => {
  const { recibidas, pendientes, resueltas, no_resueltas, reabiertas, opinadas, puntos, dias } = junta
  return {
    recibidas,
    pendientes,
    vencidas: vencidas.get(lugarDe(junta)) ?? 0,
    resueltas,
    no_resueltas,
    reabiertas,
    opinadas,
    satisfaccion: opinadas > 0 ? Math.round((10 * puntos) / opinadas) / 10 : null,
    mediana: enCuantosDias(dias, 0.5),
    p90: enCuantosDias(dias, 0.9),
  }
}

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
