import { createHash, randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { publish } from '../../runtime/events.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { ipOrNull } from '../../runtime/throttle.ts'
import type { Rol, UsuarioActor } from '../../workflow/actor.ts'
import { SUS_DEPENDENCIAS } from '../../workflow/personal.ts'

/** A session ends after this long without use, and in any case after the second; in hours. */
const IDLE_HOURS = 8
const ABSOLUTE_HOURS = 24
/** Minutes in which the code must follow the password. */
const HALF_OPEN_MINUTES = 10
/** The time of last use is written at most this often, in seconds. */
const TOUCH_SECONDS = 60

/** A user who is logged in, as the pages know them. */
export interface UsuarioEnSesion extends UsuarioActor {
  email: string
  nombre: string
  debeCambiarPassword: boolean
  /** They come in with a second step. */
  segundoPaso: boolean
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

/**
 * Opens a session; gives the 256-bit id for the cookie, of which only a hash is stored. A half open one (the password
 * was right, the code is to come) opens nothing but the page that asks for the code.
 */
export async function openSession(
  em: EntityManager,
  usuarioId: number,
  origin: Origin,
  { half = false } = {},
): Promise<string> {
  const id = randomBytes(32).toString('base64url')
  await sql(
    em,
    `insert into session (id_hash, usuario_id, csrf, expires_at, ip, user_agent, a_medias)
     values ($1, $2, $3, now() + make_interval(mins => $4), $5, $6, $7)`,
    [
      hashOf(id),
      usuarioId,
      randomBytes(24).toString('base64url'),
      half ? HALF_OPEN_MINUTES : ABSOLUTE_HOURS * 60,
      ipOrNull(origin.ip),
      origin.userAgent?.slice(0, 300),
      half,
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

/** Whose half open session this cookie holds. */
export async function findHalfOpen(em: EntityManager, id: string): Promise<{ usuarioId: number } | undefined> {
  return sqlOne(
    em,
    `select u.id as "usuarioId" from session s join usuario u on u.id = s.usuario_id
      where s.id_hash = $1 and s.a_medias and s.expires_at > now() and u.disabled_at is null`,
    [hashOf(id)],
  )
}

/** An open session as its person reads it. */
export interface SesionAbierta {
  /** Its stored hash in hexadecimal: names it, opens nothing. */
  id: string
  esta: boolean
  createdAt: Date
  lastSeenAt: Date
  ip: string | null
  userAgent: string | null
}

/** The open sessions of a user, the last used first; `own` is the one that asks. */
export async function openSessionsOf(em: EntityManager, usuarioId: number, own?: Buffer): Promise<SesionAbierta[]> {
  return sql<SesionAbierta>(
    em,
    `select encode(id_hash, 'hex') as id, id_hash is not distinct from $2 as esta, created_at as "createdAt",
            last_seen_at as "lastSeenAt", host(ip) as ip, user_agent as "userAgent"
       from session
      where usuario_id = $1 and not a_medias and expires_at > now()
        and last_seen_at > now() - make_interval(hours => $3)
      order by last_seen_at desc limit 50`,
    [usuarioId, own ?? null, IDLE_HOURS],
  )
}

/** Ends one session of a user, and the notices to the device it was on; true when there was one. */
export async function closeOneOf(em: EntityManager, usuarioId: number, idHash: Buffer): Promise<boolean> {
  await sql(em, 'delete from suscripcion_push where usuario_id = $1 and sesion = $2', [usuarioId, idHash])
  const gone = await sqlOne(em, 'delete from session where usuario_id = $1 and id_hash = $2 returning usuario_id', [
    usuarioId,
    idHash,
  ])
  await anunciarAcceso(em, usuarioId)
  return gone !== undefined
}

/** Ends one session, and the notices to the device it was on. */
export async function closeSession(em: EntityManager, idHash: Buffer): Promise<void> {
  await sql(em, 'delete from suscripcion_push where sesion = $1', [idHash])
  const gone = await sqlOne<{ id: number }>(em, 'delete from session where id_hash = $1 returning usuario_id as id', [
    idHash,
  ])
  if (gone) await anunciarAcceso(em, gone.id)
}

/** The same person on the same device goes on being told of notices: the session they were asked for in ran out, or is renewed. */
export async function heredarPush(em: EntityManager, usuarioId: number, before: Buffer, next: Buffer): Promise<void> {
  await sql(em, 'update suscripcion_push set sesion = $3 where usuario_id = $1 and sesion = $2', [
    usuarioId,
    before,
    next,
  ])
}

/** Throws out what has expired. */
export async function pruneSessions(em: EntityManager): Promise<void> {
  await sql(em, 'delete from session where expires_at < now()')
  await sql(em, 'delete from liga_de_acceso where vence_at < now()')
  await sql(em, "delete from throttle where resets_at < now() - interval '1 day'")
}

/** Ends the sessions of a user and the notices to their devices, but for the one to keep. */
export async function closeSessionsOf(em: EntityManager, usuarioId: number, keep?: Buffer): Promise<void> {
  const others = [usuarioId, keep ?? null]
  await sql(em, 'delete from session where usuario_id = $1 and ($2::bytea is null or id_hash <> $2)', others)
  await sql(
    em,
    'delete from suscripcion_push where usuario_id = $1 and ($2::bytea is null or sesion is distinct from $2)',
    others,
  )
  await anunciarAcceso(em, usuarioId)
}

/** What this user may see changed, or a session of theirs ended: their open pages look at once, not at the next beat. */
export const anunciarAcceso = (em: EntityManager, usuarioId: number): Promise<void> =>
  publish(em, { topic: 'acceso', usuario: usuarioId })

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
  segundoPaso: boolean
}

const FIND = `
select s.csrf, extract(epoch from now() - s.last_seen_at)::float8 as idle,
       u.id, u.email, u.nombre, u.roles, u.dependencia_id as "dependenciaId",
       u.debe_cambiar_password as "debeCambiarPassword", u.totp_desde is not null as "segundoPaso",
       ${SUS_DEPENDENCIAS} as dependencias
  from session s join usuario u on u.id = s.usuario_id
 where s.id_hash = $1 and not s.a_medias and s.expires_at > now() and s.last_seen_at > now() - make_interval(hours => $2)
   and u.disabled_at is null`
