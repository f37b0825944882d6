import type { Estado } from '../conversation/flows/vocabulary.ts'
import type { Actor, Rol, UsuarioActor } from './actor.ts'
import { type Parte, TRANSICIONES, type Transicion, type Verbo } from './peticion/transiciones.ts'

/** The medio of what was said in public on each channel's network. */
export const MEDIO_DE_RED: Readonly<Record<string, string>> = { messenger: 'facebook', instagram: 'instagram' }

/** Media whose petitions Comunicación Social sees: what came through the town's social networks. */
const MEDIOS_DE_REDES: readonly string[] = ['redes_sociales', 'facebook', 'messenger', 'instagram']

/** What of a petition decides who sees it. */
export interface Alcanzable {
  dependenciaId?: string | null | undefined
  medio: string
  capturadaPor?: number | null | undefined
  reservada: boolean
  /** Whether it was valued; null of what need not be. */
  valoracion?: 'pendiente' | 'aceptada' | 'no_aceptada' | null | undefined
}

/** A condition over `peticion p` with its `$n` parameters. */
export interface Condicion {
  sql: string
  params: unknown[]
}

interface Regla {
  ve(actor: UsuarioActor, peticion: Alcanzable): boolean
  sql: string
  param(actor: UsuarioActor): unknown
  /** Also sees the reservadas within that. */
  reservadas?: true
}

const TODAS = { ve: () => true, sql: 'true', param: () => undefined }

/** What each role sees; both forms of each rule say the same, which a test shows over random petitions. */
const REGLAS: Record<Rol, Regla> = {
  enlace: {
    ve: (actor, { dependenciaId }) => typeof dependenciaId === 'string' && dependenciaId === actor.dependenciaId,
    sql: 'p.dependencia_id = ?',
    param: (actor) => actor.dependenciaId,
    reservadas: true,
  },
  titular: {
    ve: (actor, { dependenciaId }) => typeof dependenciaId === 'string' && actor.dependencias.includes(dependenciaId),
    sql: 'p.dependencia_id = any(?)',
    param: (actor) => actor.dependencias,
  },
  comunicacion: {
    ve: (actor, { medio, capturadaPor }) => MEDIOS_DE_REDES.includes(medio) || capturadaPor === actor.id,
    sql: `(p.medio in (${MEDIOS_DE_REDES.map((medio) => `'${medio}'`).join(', ')}) or p.capturada_por = ?)`,
    param: (actor) => actor.id,
  },
  capturista: TODAS,
  administrador: TODAS,
  validador: { ...TODAS, reservadas: true },
}

/** The petitions this actor may see, as SQL over `peticion p`; its parameters begin at `$first`. */
export function alcance(actor: UsuarioActor, first = 1): Condicion {
  const params: unknown[] = []
  const partes = actor.roles.map((rol) => {
    const { sql, param, reservadas } = REGLAS[rol]
    const condition = sql.replace('?', () => {
      params.push(param(actor))
      return `$${first + params.length - 1}`
    })
    return reservadas ? condition : `(${condition} and not p.reservada)`
  })
  return { sql: partes.length > 0 ? `(${partes.join(' or ')})` : 'false', params }
}

/** Which petitions an actor sees, said by dependencia alone. */
export interface AlcancePorDependencia {
  libres: 'todas' | readonly string[]
  reservadas: 'todas' | readonly string[]
}

/** The same as `alcance` in dependencias; undefined when more than these decides. */
export function alcancePorDependencia({
  roles,
  dependenciaId,
  dependencias,
}: UsuarioActor): AlcancePorDependencia | undefined {
  const has = (...any: Rol[]) => any.some((rol) => roles.includes(rol))
  const propia = has('enlace') && dependenciaId !== null ? [dependenciaId] : []
  const reservadas = has('validador') ? 'todas' : propia
  if (has('validador', 'capturista', 'administrador')) return { libres: 'todas', reservadas }
  if (has('comunicacion')) return undefined
  return { libres: [...new Set([...propia, ...(has('titular') ? dependencias : [])])], reservadas }
}

/** May this actor see this petition? The same as `alcance`, for one that is already read. */
export function alcanza(actor: UsuarioActor, peticion: Alcanzable): boolean {
  return actor.roles.some((rol) => veComo(rol, actor, peticion))
}

function veComo(rol: Rol, actor: UsuarioActor, peticion: Alcanzable): boolean {
  const { ve, reservadas } = REGLAS[rol]
  return ve(actor, peticion) && (!peticion.reservada || reservadas === true)
}

/** A capturista looks up all, and changes what they captured. */
function cambiaComo(parte: Parte, actor: Actor, peticion: Alcanzable): boolean {
  if (parte === 'ciudadano' || parte === 'sistema') return actor.tipo === parte
  if (actor.tipo !== 'usuario' || !actor.roles.includes(parte)) return false
  if (parte === 'capturista' && peticion.capturadaPor !== actor.id) return false
  return veComo(parte, actor, peticion)
}

/** Verbs that look at the valoración: it comes first, and once. */
const VALORACION: Partial<Record<Verbo, readonly Alcanzable['valoracion'][]>> = {
  valorar: ['pendiente'],
  canalizar: [null, 'aceptada'],
}

/** The line of the table by which this actor may do it now; undefined when none lets them. Their first fitting role decides. */
export function transicionPermitida(
  actor: Actor,
  peticion: Alcanzable & { estado: Estado },
  verbo: Verbo,
): Transicion | undefined {
  return TRANSICIONES.find(
    (one) =>
      one.verbo === verbo &&
      one.de.includes(peticion.estado) &&
      (VALORACION[verbo]?.includes(peticion.valoracion ?? null) ?? true) &&
      one.quien.some((parte) => cambiaComo(parte, actor, peticion)),
  )
}

/** What this actor may do to this petition now: the buttons of the panel, and what a refusal names. */
export function verbosPermitidos(actor: Actor, peticion: Alcanzable & { estado: Estado }): Verbo[] {
  const verbos = TRANSICIONES.map((one) => one.verbo).filter((verbo) => transicionPermitida(actor, peticion, verbo))
  return [...new Set(verbos)]
}

/** May this member of the staff register petitions that came another way? */
export function puedeCapturar(actor: UsuarioActor): boolean {
  const capturan: readonly Parte[] = TRANSICIONES.filter((one) => one.verbo === 'registrar').flatMap((one) => one.quien)
  return actor.roles.some((rol) => capturan.includes(rol))
}

/** Who attends conversations that ask for a person. */
export const ATIENDEN = ['validador', 'capturista', 'comunicacion'] as const satisfies readonly Rol[]
