import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import type { Rol, UsuarioActor } from '../../workflow/actor.ts'
import { condicionesDe, type Filtro, type Marco, REABIERTA } from '../../workflow/peticion/filtro.ts'

/** What a cell holds; `fecha` is local, as '2026-11-22 14:05' or '2026-11-22'. */
export type Tipo = 'texto' | 'numero' | 'fecha'
/** A cell; null is empty. */
export type Celda = string | number | boolean | null

interface Columna {
  tipo: Tipo
  sql: string
  /** Leads to a person: only for who works with people, when they ask for it. */
  contacto?: true
  /** Tells what a reservada is about, or where: not in a file that travels. */
  delicada?: true
}

const momento = (column: string): Columna => ({
  tipo: 'fecha',
  sql: `to_char(${column} at time zone $1, 'YYYY-MM-DD HH24:MI')`,
})
const texto = (sql: string): Columna => ({ tipo: 'texto', sql })

/** The columns of a file, in their order; their headings are `columna.<clave>` of the views. */
const COLUMNAS = {
  folio: texto('p.folio'),
  estado: texto('p.estado'),
  asunto: texto('p.asunto'),
  grupo: texto('c.grupo'),
  dependencia: texto('d.nombre'),
  enlace: texto('u.nombre'),
  medio: texto('p.medio'),
  programa: texto('p.programa'),
  prioridad: texto('p.prioridad'),
  registrada: momento('p.registrada_at'),
  vence: { tipo: 'fecha', sql: `to_char(p.vence_el, 'YYYY-MM-DD')` },
  canalizada: momento('p.canalizada_at'),
  concluida: momento('p.concluida_at'),
  validada: momento('p.validada_at'),
  resuelto: { tipo: 'texto', sql: 'p.resuelto' },
  reabierta: { tipo: 'texto', sql: REABIERTA },
  accion: texto('p.accion_ejecutada'),
  anonima: { tipo: 'texto', sql: 'p.anonima' },
  reservada: { tipo: 'texto', sql: 'p.reservada' },
  colonia: { tipo: 'texto', sql: 'p.colonia', delicada: true },
  calle: { tipo: 'texto', sql: `nullif(concat_ws(' ', p.calle, p.numero), '')`, delicada: true },
  latitud: { tipo: 'numero', sql: 'p.latitud', delicada: true },
  longitud: { tipo: 'numero', sql: 'p.longitud', delicada: true },
  descripcion: { tipo: 'texto', sql: 'p.descripcion', delicada: true },
  nombre: { tipo: 'texto', sql: 'p.nombre', contacto: true, delicada: true },
  telefono: { tipo: 'texto', sql: 'p.telefono', contacto: true, delicada: true },
  email: { tipo: 'texto', sql: 'p.email', contacto: true, delicada: true },
} as const satisfies Record<string, Columna>

/** A heading's key, and what its cells are. */
export interface Encabezado {
  clave: string
  tipo: Tipo
}

const CON_CONTACTO: readonly Rol[] = ['enlace', 'validador', 'capturista', 'comunicacion']

/** May this user take names, phones and e-mails along? Those who count and those who administer need none. */
export const puedeContacto = ({ roles }: UsuarioActor): boolean => roles.some((rol) => CON_CONTACTO.includes(rol))

const elegidas = (contacto: boolean): [string, Columna][] =>
  Object.entries(COLUMNAS).filter(([, columna]: [string, Columna]) => contacto || !columna.contacto)

/** The columns of a file with or without those that lead to a person. */
export const encabezadosDe = (contacto: boolean): Encabezado[] =>
  elegidas(contacto).map(([clave, { tipo }]) => ({ clave, tipo }))

/** Rows that are read at once; what is in memory at a time. */
const LOTE = 1_000

/** What a file is made of. */
export interface Alcance {
  actor: UsuarioActor
  filtro: Filtro
  marco: Marco
  contacto: boolean
  /** Those that came later are not in it. */
  hastaId: number
}

/** The rows of a file, newest first, in lots: no transaction stays open meanwhile. Cells are in the order of the columns. */
export async function* lotesDe(fork: () => EntityManager, alcance: Alcance): AsyncGenerator<Celda[][]> {
  const columnas = elegidas(alcance.contacto)
  for (let antes = alcance.hastaId + 1; ; ) {
    const rows = await leer(fork(), alcance, antes)
    if (rows.length > 0) yield rows.map((row) => columnas.map(([clave]) => row[clave] ?? null))
    const last = rows.at(-1)
    if (rows.length < LOTE || !last) return
    antes = Number(last._id)
  }
}

function leer(
  em: EntityManager,
  { actor, filtro, marco, contacto }: Alcance,
  antes: number,
): Promise<Record<string, Celda>[]> {
  const { partes, params, param } = condicionesDe(actor, filtro, marco, [marco.zona])
  const list = elegidas(contacto).map(([clave, columna]) =>
    columna.delicada
      ? `case when not p.reservada then ${columna.sql} end as "${clave}"`
      : `${columna.sql} as "${clave}"`,
  )
  return sql(
    em,
    `select p.id as _id, ${list.join(', ')}
       from peticion p
       join categoria c on c.id = p.categoria
       left join dependencia d on d.id = p.dependencia_id
       left join usuario u on u.id = p.enlace_id
      where ${partes.join(' and ')} and p.id < ${param(antes)} order by p.id desc limit ${param(LOTE)}`,
    params,
  )
}
