import type { EntityManager } from '@mikro-orm/postgresql'
import { DateTime } from 'luxon'
import { ESTADOS, type Estado } from '../../conversation/flows/vocabulary.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { condicionesDe, esFolio, type Filtro, type Marco, palabrasSql, seIndexa } from './filtro.ts'

/** Orders a list may have, by what comes first. */
export const ORDENES = ['recientes', 'antiguas', 'vencen', 'registradas'] as const
export type Orden = (typeof ORDENES)[number]

/** Which page of a tray, in which order. */
export interface Vista {
  orden?: Orden | undefined
  /** What the page before gave as `siguiente`; one that is not ours begins at the first page. */
  cursor?: string | undefined
  /** At most 1,000; 25 unless given. */
  limite?: number | undefined
}

/** A line of a tray. */
export interface PeticionEnLista {
  id: number
  folio: string
  asunto: string
  /** The first 240 characters. */
  descripcion: string
  estado: Estado
  nombre: string | null
  colonia: string | null
  calle: string | null
  dependenciaId: string | null
  dependencia: string | null
  enlace: string | null
  medio: string
  prioridad: string
  anonima: boolean
  reservada: boolean
  resuelto: boolean | null
  /** How many neighbours joined it. */
  sumados: number
  /** ISO date. */
  venceEl: string
  registradaAt: Date
  /** The same, in the database's microseconds since 1970. */
  registradaMicros: number
  actualizadaAt: Date
}

/** A page, and where the next begins. */
export interface Pagina {
  peticiones: PeticionEnLista[]
  siguiente: string | null
}

/** A page of the petitions this actor may see. */
export async function buscarPeticiones(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  marco: Marco,
  vista: Vista = {},
): Promise<Pagina> {
  const limite = Math.min(vista.limite ?? 25, 1_000)
  const orden = vista.orden ?? ordenNatural(filtro)
  const porPalabra = filtro.q !== undefined && !esFolio(filtro.q, marco.prefijo)
  const rows = porPalabra
    ? await porPalabras(em, actor, filtro, marco, { ...vista, limite: limite + 1 })
    : await porFiltro(em, actor, filtro, marco, { ...vista, orden, limite: limite + 1 })
  const peticiones = rows.slice(0, limite)
  const ultima = peticiones.at(-1)
  const clave = porPalabra ? 'recientes' : orden
  return { peticiones, siguiente: rows.length > limite && ultima ? escribirCursor(clave, ultima) : null }
}

/** Within a period by when they were received: the index of that order finds the period at once. */
const ordenNatural = ({ desde, hasta }: Filtro): Orden => (desde || hasta ? 'registradas' : 'recientes')

type Pedido = Vista & { limite: number }

async function porFiltro(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  marco: Marco,
  { orden = 'recientes', cursor, limite }: Pedido,
): Promise<PeticionEnLista[]> {
  const { partes, params, param } = condicionesDe(actor, filtro, marco)
  const desde = leerCursor(cursor, orden)
  if (desde) partes.push(ORDEN[orden].despues(param, desde))
  return sql(em, `${LINEA} where ${partes.join(' and ')} order by ${ORDEN[orden].sql} limit ${param(limite)}`, params)
}

/** So many of the newest are read before the index of words is asked. */
const VENTANA = 5_000

/**
 * Common words are found among the newest, in the order in which they lie; rare ones by the index, which gives all at once and is
 * slow for common ones. PostgreSQL would choose by a guess that is far off when words do not come together.
 */
async function porPalabras(
  em: EntityManager,
  actor: UsuarioActor,
  { q, ...filtro }: Filtro,
  marco: Marco,
  { cursor, limite }: Pedido,
): Promise<PeticionEnLista[]> {
  const clave = leerCursor(cursor, 'recientes')
  const { partes, params, param } = condicionesDe(actor, filtro, marco)
  if (clave) partes.push(ORDEN.recientes.despues(param, clave))
  const palabras = palabrasSql(q, marco.prefijo, param).join(' and ') || 'true'
  const bound = param(limite)
  const window = `(select * from peticion p where ${partes.join(' and ')} order by p.id desc limit ${VENTANA}) p`
  const near = await sql<PeticionEnLista>(
    em,
    `${lineaDe(window)} where ${palabras} order by p.id desc limit ${bound}`,
    params,
  )
  if (near.length >= limite || !seIndexa(q)) return near
  // Adding nothing to the id keeps its index from being walked to the end.
  return sql(em, `${LINEA} where ${[...partes, palabras].join(' and ')} order by p.id + 0 desc limit ${bound}`, params)
}

/** Counting stops here: nobody works by the difference between 1,000 and 30,000, and finding it takes a while. */
export const TOPE = 1000

/** How many of each state this actor may see of a filter, `TOPE` meaning that or more; every state is there. */
export async function contarPorEstado(
  em: EntityManager,
  actor: UsuarioActor,
  { estados: _all, ...filtro }: Filtro,
  marco: Marco,
): Promise<Record<Estado, number>> {
  const { partes, params } = condicionesDe(actor, filtro, marco, [ESTADOS, TOPE])
  const rows = await sql<{ estado: Estado; n: number }>(
    em,
    `select e.estado, (select count(*) from (
         select 1 from peticion p where p.estado = e.estado and ${partes.join(' and ')} limit $2) x) as n
       from unnest($1::text[]) as e(estado)`,
    params,
  )
  const counts = new Map(rows.map((row) => [row.estado, row.n]))
  return Object.fromEntries(ESTADOS.map((estado) => [estado, counts.get(estado) ?? 0])) as Record<Estado, number>
}

/** How many petitions of a filter this actor may see, exactly. */
export async function contarPeticiones(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  marco: Marco,
): Promise<number> {
  const { partes, params } = condicionesDe(actor, filtro, marco)
  const row = await sqlOne<{ n: number }>(
    em,
    `select count(*) as n from peticion p where ${partes.join(' and ')}`,
    params,
  )
  return row?.n ?? 0
}

type Clave = [string | number, ...number[]]

// Row-wise comparison lets one index scan find the page; the id makes every place in the order unique.
const ORDEN: Record<
  Orden,
  { sql: string; clave(one: PeticionEnLista): Clave; despues(param: (value: unknown) => string, clave: Clave): string }
> = {
  recientes: {
    sql: 'p.id desc',
    clave: (one) => [one.id],
    despues: (param, [id]) => `p.id < ${param(id)}`,
  },
  antiguas: {
    sql: 'p.id',
    clave: (one) => [one.id],
    despues: (param, [id]) => `p.id > ${param(id)}`,
  },
  vencen: {
    sql: 'p.vence_el, p.id',
    clave: (one) => [one.venceEl, one.id],
    despues: (param, [dia, id]) => `(p.vence_el, p.id) > (${param(dia)}::date, ${param(id)}::bigint)`,
  },
  registradas: {
    sql: 'p.registrada_at desc, p.id desc',
    clave: (one) => [one.registradaMicros, one.id],
    despues: (param, [micros, id]) =>
      `(p.registrada_at, p.id) < (timestamptz 'epoch' + ${param(micros)}::bigint * interval '1 microsecond', ${param(id)}::bigint)`,
  },
}

function escribirCursor(orden: Orden, ultima: PeticionEnLista): string {
  return ORDEN[orden].clave(ultima).join('_')
}

const CURSOR: Record<Orden, RegExp> = {
  recientes: /^(\d{1,15})$/,
  antiguas: /^(\d{1,15})$/,
  vencen: /^(20\d\d-\d\d-\d\d)_(\d{1,15})$/,
  registradas: /^(\d{1,16})_(\d{1,15})$/,
}

function leerCursor(cursor: string | undefined, orden: Orden): Clave | undefined {
  const match = CURSOR[orden].exec(cursor ?? '')
  if (!match) return undefined
  const [, first = '', id] = match
  if (id === undefined) return [Number(first)]
  if (orden === 'registradas') return [Number(first), Number(id)]
  return DateTime.fromISO(first).isValid ? [first, Number(id)] : undefined
}

const lineaDe = (from: string) => `
select p.id, p.folio, p.asunto, left(p.descripcion, 240) as descripcion, p.estado, p.nombre, p.colonia, p.calle,
       p.dependencia_id as "dependenciaId", d.nombre as dependencia, u.nombre as enlace, p.medio, p.prioridad, p.anonima,
       p.reservada, p.resuelto, (select count(*) from adhesion s where s.peticion_id = p.id) as sumados, p.vence_el as "venceEl", p.registrada_at as "registradaAt", p.actualizada_at as "actualizadaAt",
       (extract(epoch from p.registrada_at) * 1000000)::bigint as "registradaMicros"
  from ${from}
  left join dependencia d on d.id = p.dependencia_id
  left join usuario u on u.id = p.enlace_id`
const LINEA = lineaDe('peticion p')
