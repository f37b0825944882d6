import type { EntityManager } from '@mikro-orm/postgresql'
import { DateTime } from 'luxon'
import { ESTADOS, type Estado } from '../conversation/flows/vocabulary.ts'
import { sql } from '../runtime/sql.ts'
import type { UsuarioActor } from './actor.ts'
import { parseFolio } from './folio.ts'
import { alcance } from './permisos.ts'

/** Orders a list may have, by what comes first. */
export const ORDENES = ['recientes', 'antiguas', 'vencen'] as const
export type Orden = (typeof ORDENES)[number]

/** Which petitions, of those within reach. */
export interface Filtro {
  /** In any of these; in all unless given. */
  estados?: readonly Estado[] | undefined
  /** A folio however typed, a phone, or words of name, colonia, street or subject without regard to accents. */
  q?: string | undefined
  /** Only those that this enlace works. */
  enlaceId?: number | undefined
  orden?: Orden | undefined
  /** What the page before gave as `siguiente`; one that is not ours begins at the first page. */
  cursor?: string | undefined
  /** At most 100; 25 unless given. */
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
  /** ISO date. */
  venceEl: string
  registradaAt: Date
  actualizadaAt: Date
}

/** A page, and where the next begins. */
export interface Pagina {
  peticiones: PeticionEnLista[]
  siguiente: string | null
}

/** A page of the petitions this actor may see; `prefijo` is that of folios. */
export async function buscarPeticiones(
  em: EntityManager,
  actor: UsuarioActor,
  filtro: Filtro,
  prefijo: string,
): Promise<Pagina> {
  const limite = Math.min(filtro.limite ?? 25, 100)
  const { condiciones, params } = condicionesDe(actor, filtro, prefijo)
  const orden = filtro.orden ?? 'recientes'
  const { sql: orderBy, despues } = ORDEN[orden]
  const cursor = leerCursor(filtro.cursor, orden)
  if (cursor) condiciones.push(despues((value) => `$${params.push(value)}`, cursor))
  const rows = await sql<PeticionEnLista>(
    em,
    `${LINEA} where ${condiciones.join(' and ')} order by ${orderBy} limit $${params.push(limite + 1)}`,
    params,
  )
  const peticiones = rows.slice(0, limite)
  const ultima = peticiones.at(-1)
  return { peticiones, siguiente: rows.length > limite && ultima ? escribirCursor(orden, ultima) : null }
}

/** Counting stops here: nobody works by the difference between 1,000 and 30,000, and finding it takes a while. */
export const TOPE = 1000

/** How many of each state this actor may see, `TOPE` meaning that or more; every state is there. */
export async function contarPorEstado(em: EntityManager, actor: UsuarioActor): Promise<Record<Estado, number>> {
  const { sql: donde, params } = alcance(actor, 3)
  const rows = await sql<{ estado: Estado; n: number }>(
    em,
    `select e.estado, (select count(*) from (
         select 1 from peticion p where p.estado = e.estado and ${donde} limit $2) x) as n
       from unnest($1::text[]) as e(estado)`,
    [ESTADOS, TOPE, ...params],
  )
  const counts = new Map(rows.map((row) => [row.estado, row.n]))
  return Object.fromEntries(ESTADOS.map((estado) => [estado, counts.get(estado) ?? 0])) as Record<Estado, number>
}

function condicionesDe(actor: UsuarioActor, { estados, q, enlaceId }: Filtro, prefijo: string) {
  const { sql: donde, params } = alcance(actor)
  const condiciones = [donde]
  const add = (condition: (placeholder: string) => string, value: unknown) =>
    condiciones.push(condition(`$${params.push(value)}`))
  if (estados) add((it) => `p.estado = any(${it})`, estados)
  if (enlaceId !== undefined) add((it) => `p.enlace_id = ${it}`, enlaceId)
  const folio = q ? parseFolio(q, prefijo) : undefined
  if (folio?.kind === 'folio') add((it) => `p.folio = ${it}`, folio.folio)
  else for (const parte of partesDe(q)) add((it) => `p.busqueda like '%' || sin_acentos(${it}) || '%'`, parte)
  return { condiciones, params }
}

/** A phone is one run of digits however it was grouped; other text is its words, all of which must be there. */
function partesDe(q = ''): string[] {
  const texto = q.toWellFormed().replaceAll('\0', '').trim().slice(0, 100)
  const palabras = /^[\d\s()+.-]{7,}$/.test(texto) ? [texto.replace(/\D/g, '')] : texto.split(/\s+/)
  return palabras.filter((palabra) => palabra !== '').map((palabra) => palabra.replace(/[\\%_]/g, '\\$&'))
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
}

function escribirCursor(orden: Orden, ultima: PeticionEnLista): string {
  return ORDEN[orden].clave(ultima).join('_')
}

function leerCursor(cursor: string | undefined, orden: Orden): Clave | undefined {
  const match = (orden === 'vencen' ? /^(20\d\d-\d\d-\d\d)_(\d{1,15})$/ : /^(\d{1,15})$/).exec(cursor ?? '')
  if (!match) return undefined
  const [, first = '', id] = match
  if (id === undefined) return [Number(first)]
  return DateTime.fromISO(first).isValid ? [first, Number(id)] : undefined
}

const LINEA = `
select p.id, p.folio, p.asunto, left(p.descripcion, 240) as descripcion, p.estado, p.nombre, p.colonia, p.calle,
       p.dependencia_id as "dependenciaId", d.nombre as dependencia, u.nombre as enlace, p.medio, p.prioridad, p.anonima,
       p.reservada, p.resuelto, p.vence_el as "venceEl", p.registrada_at as "registradaAt", p.actualizada_at as "actualizadaAt"
  from peticion p
  left join dependencia d on d.id = p.dependencia_id
  left join usuario u on u.id = p.enlace_id`
