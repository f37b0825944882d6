import { DateTime } from 'luxon'
import type { Estado } from '../../conversation/flows/vocabulary.ts'
import type { UsuarioActor } from '../actor.ts'
import { alcance } from '../permisos.ts'
import { parseFolio } from './folio.ts'

/** How a petition stands, across the states: what the dashboards count. */
export const SITUACIONES = [
  'pendientes',
  'vencidas',
  'por_vencer',
  'resueltas',
  'no_resueltas',
  'reabiertas',
  'opinadas',
  'por_valorar',
] as const
export type Situacion = (typeof SITUACIONES)[number]

/** Which petitions, of those within reach. */
export interface Filtro {
  /** In any of these; in all unless given. */
  estados?: readonly Estado[] | undefined
  /** A folio however typed, a phone, or words of name, colonia, street, subject or text without regard to accents. */
  q?: string | undefined
  situacion?: Situacion | undefined
  categoria?: string | undefined
  /** null: those that have none yet. */
  dependencia?: string | null | undefined
  medio?: string | undefined
  /** However it is written; null: those that say none. */
  colonia?: string | null | undefined
  /** Only those that this enlace works; null: those that nobody was given. */
  enlaceId?: number | null | undefined
  /** Received from this day on, and up to and including that one; ISO dates of the municipality. */
  desde?: string | undefined
  hasta?: string | undefined
}

/** What a filter needs to know of the town and its day. */
export interface Marco {
  /** Of folios. */
  prefijo: string
  zona: string
  /** ISO date of the municipality. */
  hoy: string
  porVencerDias: number
}

/** The states in which the plazo runs. */
export const ABIERTOS = ['REGISTRADO', 'CANALIZADO', 'RECIBIDO', 'PROCESO'] as const satisfies readonly Estado[]
/** The same as SQL over `peticion p`. */
export const ABIERTA = `p.estado in (${ABIERTOS.map((estado) => `'${estado}'`).join(', ')})`
/** The states in which nothing more is done, as SQL over `peticion p`. */
export const CERRADA = `p.estado in ('CONCLUIDO', 'VALIDADO', 'ORIENTADA', 'CANCELADO')`
/** The dependencia has answered. */
export const RESPONDIDA = `p.estado in ('CONCLUIDO', 'VALIDADO')`
/** It waits for its valoración, which comes before it is directed. */
export const POR_VALORAR = `p.estado = 'REGISTRADO' and p.valoracion = 'pendiente'`
/** It was opened again after it had been accepted, once or more. */
export const REABIERTA = `exists (select from movimiento m where m.peticion_id = p.id and m.verbo = 'reabrir')`

/** The citizen rated it. */
const OPINADA = `exists (select from encuesta e where e.peticion_id = p.id and e.calificacion is not null)`

/** Conditions over `peticion p`, all of which must hold, with their `$n` parameters. */
export interface Condiciones {
  partes: string[]
  params: unknown[]
  param: Param
}

/** What this actor may see, of what the filter asks; `taken` are the parameters before theirs. */
export function condicionesDe(
  actor: UsuarioActor,
  filtro: Filtro,
  marco: Marco,
  taken: readonly unknown[] = [],
): Condiciones {
  const { sql, params } = alcance(actor, taken.length + 1)
  const all = [...taken, ...params]
  const param = (value: unknown) => `$${all.push(value)}`
  const partes = [sql, ...igualdades(filtro, param), ...periodo(filtro, marco, param)]
  if (filtro.situacion) partes.push(situacion(filtro.situacion, marco, param))
  partes.push(...palabrasSql(filtro.q, marco.prefijo, param))
  return { partes, params: all, param }
}

/** Adds a parameter and gives its placeholder. */
export type Param = (value: unknown) => string

function igualdades(filtro: Filtro, param: Param): string[] {
  const { estados, categoria, dependencia, medio, colonia, enlaceId } = filtro
  const partes: string[] = []
  if (estados) partes.push(`p.estado = any(${param(estados)})`)
  if (categoria) partes.push(`p.categoria = ${param(categoria)}`)
  if (dependencia === null) partes.push('p.dependencia_id is null')
  else if (dependencia) partes.push(`p.dependencia_id = ${param(dependencia)}`)
  if (medio) partes.push(`p.medio = ${param(medio)}`)
  if (colonia === null) partes.push('p.colonia_clave is null')
  else if (colonia) partes.push(`p.colonia_clave = sin_acentos(${param(colonia)})`)
  if (enlaceId === null) partes.push('p.enlace_id is null')
  else if (enlaceId !== undefined) partes.push(`p.enlace_id = ${param(enlaceId)}`)
  return partes
}

function periodo({ desde, hasta }: Filtro, { zona }: Marco, param: Param): string[] {
  const inicio = (day: string, plus = 0) => DateTime.fromISO(day, { zone: zona }).plus({ days: plus }).toJSDate()
  const partes: string[] = []
  if (desde) partes.push(`p.registrada_at >= ${param(inicio(desde))}`)
  if (hasta) partes.push(`p.registrada_at < ${param(inicio(hasta, 1))}`)
  return partes
}

function situacion(one: Situacion, { hoy, porVencerDias }: Marco, param: Param): string {
  if (one === 'pendientes') return ABIERTA
  if (one === 'vencidas') return `${ABIERTA} and p.vence_el < ${param(hoy)}::date`
  if (one === 'resueltas') return `${RESPONDIDA} and p.resuelto`
  if (one === 'no_resueltas') return `${RESPONDIDA} and not p.resuelto`
  if (one === 'reabiertas') return REABIERTA
  if (one === 'opinadas') return OPINADA
  if (one === 'por_valorar') return POR_VALORAR
  const from = param(hoy)
  return `${ABIERTA} and p.vence_el between ${from}::date and ${from}::date + ${param(porVencerDias)}::integer`
}

/** What is looked for, as conditions over `peticion p`. */
export function palabrasSql(q: string | undefined, prefijo: string, param: Param): string[] {
  const folio = q ? parseFolio(q, prefijo) : undefined
  if (folio?.kind === 'folio') return [`p.folio = ${param(folio.folio)}`]
  return palabrasDe(q).map((palabra) => `p.busqueda like '%' || sin_acentos(${param(palabra)}) || '%'`)
}

/** A phone is one run of digits however it was grouped; other text is its words, all of which must be there. */
function palabrasDe(q = ''): string[] {
  const texto = q.toWellFormed().replaceAll('\0', '').trim().slice(0, 100)
  const palabras = /^[\d\s()+.-]{7,}$/.test(texto) ? [texto.replace(/\D/g, '')] : texto.split(/\s+/)
  return palabras.filter((palabra) => palabra !== '').map((palabra) => palabra.replace(/[\\%_]/g, '\\$&'))
}

/** Is it a folio, of which there is one at most? */
export const esFolio = (q: string | undefined, prefijo: string): boolean =>
  q !== undefined && parseFolio(q, prefijo)?.kind === 'folio'

/** Does the index find these words? It knows runs of three characters; shorter words are looked for among the newest alone. */
export const seIndexa = (q = ''): boolean => palabrasDe(q).some((palabra) => /[\p{L}\d]{3}/u.test(palabra))
