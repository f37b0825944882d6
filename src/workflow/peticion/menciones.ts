import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../actor.ts'
import { type Alcanzable, alcance, alcanza } from '../permisos.ts'
import { type Persona, personalActivo } from '../personal.ts'

/** Somebody who may be named in a note about a petition, as `@arroba`. */
export interface Mencionable {
  id: number
  nombre: string
  arroba: string
}

/** A note that names somebody who has not said yet that they read it. */
export interface MencionPendiente {
  folio: string
  asunto: string
  de: string | null
  nota: string
  at: Date
}

/** Not within an address: what comes before is no part of a word; a full stop at the end is the sentence's. */
const ARROBA = /(?<![\p{L}\d._%+-])@([\p{L}\d](?:[\p{L}\d._+-]*[\p{L}\d])?)/gu

/** The staff who have this petition in their reach: nobody else may be called to it. */
export async function mencionables(em: EntityManager, peticion: Alcanzable): Promise<Mencionable[]> {
  const personal = await personalActivo(em)
  return personal
    .filter((persona) => alcanza(persona, peticion))
    .map((persona) => ({ id: persona.id, nombre: persona.nombre, arroba: arrobaDe(persona, personal) }))
}

/** What stands before the @ of their e-mail; all of it, with a full stop for the @, when several share that. */
function arrobaDe({ email }: Persona, personal: readonly Persona[]): string {
  const local = (one: string) => one.toLowerCase().split('@')[0] ?? ''
  const shared = personal.filter((one) => local(one.email) === local(email)).length > 1
  return shared ? email.toLowerCase().replace('@', '.') : local(email)
}

/** Ids of who is named in a note; undefined when it names one who is not there. */
export function mencionadosEn(nota: string, quienes: readonly Mencionable[]): number[] | undefined {
  const ids = new Set<number>()
  for (const [, name = ''] of nota.matchAll(ARROBA)) {
    const found = quienes.find(({ arroba }) => arroba === name.toLowerCase())
    if (!found) return undefined
    ids.add(found.id)
  }
  return [...ids]
}

/** Notes it in the transaction of `em`. */
export async function guardarMenciones(em: EntityManager, movimientoId: number, usuarios: number[]): Promise<void> {
  await sql(em, 'insert into mencion (movimiento_id, usuario_id) select $1, unnest($2::bigint[])', [
    movimientoId,
    usuarios,
  ])
}

/** What this user was called to and has not said that they read, newest first; only what is still within their reach. */
export function mencionesPendientes(
  em: EntityManager,
  usuario: UsuarioActor,
  peticionId?: number,
): Promise<MencionPendiente[]> {
  const { sql: condicion, params } = alcance(usuario, 3)
  return sql(
    em,
    `select p.folio, p.asunto, u.nombre as de, m.nota, m.at
       from mencion n join movimiento m on m.id = n.movimiento_id join peticion p on p.id = m.peticion_id
       left join usuario u on u.id = m.usuario_id
      where n.usuario_id = $1 and n.enterado_at is null and ($2::bigint is null or p.id = $2) and ${condicion}
      order by m.id desc limit 20`,
    [usuario.id, peticionId ?? null, ...params],
  )
}

/** This user read every note of the petition that names them. */
export async function darsePorEnterado(
  em: EntityManager,
  usuarioId: number,
  peticionId: number,
  ahora: Date,
): Promise<void> {
  await sql(
    em,
    `update mencion n set enterado_at = $3 from movimiento m
      where m.id = n.movimiento_id and m.peticion_id = $2 and n.usuario_id = $1 and n.enterado_at is null`,
    [usuarioId, peticionId, ahora],
  )
}
