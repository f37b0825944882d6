import { createHash, randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { ipOrNull } from '../../runtime/throttle.ts'
import type { Rol, UsuarioActor } from '../../workflow/actor.ts'
import { SUS_DEPENDENCIAS } from '../../workflow/personal.ts'

/** A session ends after this long without use, and in any case after the second; in hours. */
const IDLE_HOURS = 8
const ABSOLUTE_HOURS = 24
/** The time of last use is written at most this often, in seconds. */
const TOUCH_SECONDS = 60

/** A user who is logged in, as the pages know them. */
export interface UsuarioEnSesion extends UsuarioActor {
  email: string
  nombre: string
  debeCambiarPassword: boolean
}

/** An open session; `csrf` must come back with every change. */
export interface Sesion {
  idHash: Buffer
  csrf: string
  usuario: UsuarioEnSesion
}

/** Where a session was opened from. */
export interface Origin {
  ip: string
  userAgent: string | undefined
}

/** Opens a session; gives the 256-bit id for the cookie, of which only a hash is stored. */
export async function openSession(em: EntityManager, usuarioId: number, origin: Origin): Promise<string> {
  const id = randomBytes(32).toString('base64url')
  await sql(
    em,
    `insert into session (id_hash, usuario_id, csrf, expires_at, ip, user_agent)
     values ($1, $2, $3, now() + make_interval(hours => $4), $5, $6)`,
    [
      hashOf(id),
      usuarioId,
      randomBytes(24).toString('base64url'),
      ABSOLUTE_HOURS,
      ipOrNull(origin.ip),
      origin.userAgent?.slice(0, 300),
    ],
  )
  return id
}

/** The session of a cookie, while it lasts and its user may still come in; `touch` when a person's click asks. */
export async function findSession(em: EntityManager, id: string, touch: boolean): Promise<Sesion | undefined> {
  const idHash = hashOf(id)
  const row = await sqlOne<Row>(em, FIND, [idHash, IDLE_HOURS])
  if (!row) return undefined
  if (touch && row.idle > TOUCH_SECONDS)
    await sql(em, 'update session set last_seen_at = now() where id_hash = $1', [idHash])
  const { csrf, idle: _idle, ...usuario } = row
  return { idHash, csrf, usuario: { tipo: 'usuario', ...usuario } }
}

/** Ends one session. */
export async function closeSession(em: EntityManager, idHash: Buffer): Promise<void> {
  await sql(em, 'delete from session where id_hash = $1', [idHash])
}

/** Throws out what has expired. */
export async function pruneSessions(em: EntityManager): Promise<void> {
  await sql(em, 'delete from session where expires_at < now()')
  await sql(em, "delete from throttle where resets_at < now() - interval '1 day'")
}

/** Ends the sessions of a user, but for the one to keep. */
export async function closeSessionsOf(em: EntityManager, usuarioId: number, keep?: Buffer): Promise<void> {
  await sql(em, 'delete from session where usuario_id = $1 and ($2::bytea is null or id_hash <> $2)', [
    usuarioId,
    keep ?? null,
  ])
}

/** What is stored of a session's id. */
export const hashOf = (id: string): Buffer => createHash('sha256').update(id).digest()

interface Row {
  csrf: string
  idle: number
  id: number
  email: string
  nombre: string
  roles: Rol[]
  dependenciaId: string | null
  dependencias: string[]
  debeCambiarPassword: boolean
}

const FIND = `
select s.csrf, extract(epoch from now() - s.last_seen_at)::float8 as idle,
       u.id, u.email, u.nombre, u.roles, u.dependencia_id as "dependenciaId",
       u.debe_cambiar_password as "debeCambiarPassword",
       ${SUS_DEPENDENCIAS} as dependencias
  from session s join usuario u on u.id = s.usuario_id
 where s.id_hash = $1 and s.expires_at > now() and s.last_seen_at > now() - make_interval(hours => $2)
   and u.disabled_at is null`
