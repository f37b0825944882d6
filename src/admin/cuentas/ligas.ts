import { randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sqlOne } from '../../runtime/sql.ts'
import { audit } from '../audit.ts'
import { hashOf } from './session.ts'
import { type Autor, setPassword } from './usuario.ts'

/** Why a person is given a link to choose a password. */
export type MotivoDeLiga = 'invitacion' | 'restablecer' | 'olvido'

/** Hours a link is good for. */
export const HORAS_DE_LIGA: Record<MotivoDeLiga, number> = { invitacion: 7 * 24, restablecer: 24, olvido: 1 }

/** Whose link it is. */
export interface Liga {
  usuarioId: number
  nombre: string
  email: string
  motivo: MotivoDeLiga
}

/** Makes a link, in place of an older one of the same person; gives its 256-bit token, of which only a hash is stored. */
export async function hacerLiga(
  em: EntityManager,
  usuarioId: number,
  motivo: MotivoDeLiga,
  autor: Autor,
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await em.transactional(async (tx) => {
    await sqlOne(tx, PUT, [usuarioId, hashOf(token), motivo, autor.usuarioId ?? null, HORAS_DE_LIGA[motivo]])
    await anotar(tx, `usuario.liga_${motivo}`, usuarioId, autor)
  })
  return token
}

/** The first link of somebody who never came in is an invitation. */
export const motivoPara = ({ lastLoginAt }: { lastLoginAt?: Date | null | undefined }): MotivoDeLiga =>
  lastLoginAt ? 'restablecer' : 'invitacion'

/** Whose link this is, while it is good and its person may come in. Looking uses nothing up: programs that preview links look too. */
export async function leerLiga(em: EntityManager, token: string): Promise<Liga | undefined> {
  return sqlOne<Liga>(em, READ, [hashOf(token)])
}

/** Does an invitation of this person still wait to be used? */
export async function invitacionPendiente(em: EntityManager, usuarioId: number): Promise<boolean> {
  const pendiente = `select 1 from liga_de_acceso where usuario_id = $1 and motivo = 'invitacion' and vence_at > now()`
  return (await sqlOne(em, pendiente, [usuarioId])) !== undefined
}

/** Uses the link up and stores the password; false when it is no longer good. Sessions end. */
export async function usarLiga(em: EntityManager, token: string, password: string, ip: string): Promise<boolean> {
  return em.transactional(async (tx) => {
    const used = await sqlOne<{ id: number }>(tx, USE, [hashOf(token)])
    if (!used) return false
    await setPassword(tx, used.id, password, { generated: false, autor: { usuarioId: used.id, ip } })
    return true
  })
}

const anotar = (em: EntityManager, action: string, objectId: number, { usuarioId, ip }: Autor) =>
  audit(em, { action, objectType: 'usuario', objectId, usuarioId, ...(ip === undefined ? {} : { ip }) })

const PUT = `
insert into liga_de_acceso (usuario_id, token_hash, motivo, creada_por, vence_at)
values ($1, $2, $3, $4, now() + make_interval(hours => $5))
on conflict (usuario_id) do update set token_hash = excluded.token_hash, motivo = excluded.motivo,
  creada_por = excluded.creada_por, creada_at = now(), vence_at = excluded.vence_at`

const READ = `
select u.id as "usuarioId", u.nombre, u.email, l.motivo
  from liga_de_acceso l join usuario u on u.id = l.usuario_id
 where l.token_hash = $1 and l.vence_at > now() and u.disabled_at is null`

const USE = `
delete from liga_de_acceso l using usuario u
 where u.id = l.usuario_id and l.token_hash = $1 and l.vence_at > now() and u.disabled_at is null
returning u.id`
