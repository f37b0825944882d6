import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { storableJson } from '../../runtime/json.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import type { UsuarioActor } from '../../workflow/actor.ts'
import type { Escrito } from '../form.ts'
import type { CategoriaCapturable } from './captura-forma.ts'

/** A capture that waits for what the person has still to bring. */
export interface CapturaPendiente {
  captura: string
  categoria: string
  asunto: string
  escrito: Escrito
  /** Names of the requirements that are missing. */
  faltan: string[]
  usuario: string
  actualizadaAt: Date
}

/** What of a form is kept. */
const KEPT = /^(dato|pregunta|requisito)_|^(descripcion|medio|programa|modulo|anonima)$/
const OF_THE_PERSON = ['dato_nombre', 'dato_telefono', 'dato_email']

/**
 * Keeps what was typed until the person comes back; again by the same form, it takes the place of what was kept. Nothing
 * is kept of a form that became a petition meanwhile. Files are not kept: they are brought again.
 * @returns false for one that is not for this user: somebody else's stays as it is.
 */
export async function guardarPendiente(
  em: EntityManager,
  { id, requisitos }: CategoriaCapturable,
  escrito: Escrito,
  de: { captura: string; usuario: UsuarioActor; ahora: Date },
): Promise<boolean> {
  const anonima = escrito.anonima === 'si'
  const kept = Object.fromEntries(
    Object.entries(escrito).filter(([key]) => KEPT.test(key) && !(anonima && OF_THE_PERSON.includes(key))),
  )
  const faltan = requisitos
    .filter((one) => one.obligatorio && !escrito[`requisito_${one.id}`])
    .map(({ nombre }) => nombre)
  const taken = await sqlOne<{ mio: boolean }>(em, TOMAR, [...seen(de.usuario), de.captura])
  if (taken && !taken.mio) return false
  await sql(em, PUT, [de.captura, id, storableJson(kept), faltan, de.usuario.id, de.ahora])
  return true
}

/** Those that this user may take up, the last touched first. */
export function pendientesDe(em: EntityManager, usuario: UsuarioActor): Promise<CapturaPendiente[]> {
  return sql<CapturaPendiente>(
    em,
    `${SELECT} and c.retirada_at is null order by b.actualizada_at desc limit 30`,
    seen(usuario),
  )
}

/** One of them; undefined when it is done, discarded, or not for this user. */
export async function pendienteDe(
  em: EntityManager,
  usuario: UsuarioActor,
  captura: string,
): Promise<CapturaPendiente | undefined> {
  if (!z.uuid().safeParse(captura).success) return undefined
  return sqlOne<CapturaPendiente>(em, `${SELECT} and b.captura = $3`, [...seen(usuario), captura])
}

/** It became a petition, or is not needed any more. */
export async function quitarPendiente(em: EntityManager, captura: string): Promise<void> {
  await sql(em, 'delete from captura_pendiente where captura = $1', [captura])
}

/** $1 sees all, $2 is who asks: a validador sees all, a capturista all that are not reservadas, and everybody their own. */
const seen = ({ id, roles }: UsuarioActor) => [
  roles.includes('validador') ? 'todas' : roles.includes('capturista') ? 'no_reservadas' : 'propias',
  id,
]

const SEEN = `(b.usuario_id = $2 or $1 = 'todas' or ($1 = 'no_reservadas' and not c.reservada))`

const TOMAR = `
select ${SEEN} as mio from captura_pendiente b join categoria c on c.id = b.categoria where b.captura = $3 for update of b`

const SELECT = `
select b.captura, b.categoria, c.nombre as asunto, b.escrito, b.faltan, u.nombre as usuario,
       b.actualizada_at as "actualizadaAt"
  from captura_pendiente b join categoria c on c.id = b.categoria join usuario u on u.id = b.usuario_id
 where ${SEEN}`

const PUT = `
insert into captura_pendiente (captura, categoria, escrito, faltan, usuario_id, creada_at, actualizada_at)
select $1::uuid, $2, $3::jsonb, $4::text[], $5::bigint, $6::timestamptz, $6::timestamptz
 where not exists (select from peticion where captura = $1::uuid)
on conflict (captura) do update set categoria = excluded.categoria, escrito = excluded.escrito, faltan = excluded.faltan,
  usuario_id = excluded.usuario_id, actualizada_at = excluded.actualizada_at`
