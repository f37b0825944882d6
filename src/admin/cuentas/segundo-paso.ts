import { randomInt } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { SecretBox } from '../../runtime/secret-box.ts'
import { sql, sqlOne } from '../../runtime/sql.ts'
import { audit } from '../audit.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { closeSessionsOf } from './session.ts'
import { stepOfCode } from './totp.ts'
import type { Autor } from './usuario.ts'

/** So many codes for whoever loses the phone; each opens once. */
const CODES = 8
/** No 0 O 1 I L: they are read from paper. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** The place a user's key is sealed for. */
export const placeOf = (usuarioId: number): string => `usuario ${usuarioId}`

/**
 * Turns the second step on with a key whose code proves that the app has it, in place of an older one; gives the
 * recovery codes, which are stored as hashes and never seen again. Undefined when the code is not of the key, or an
 * older one. Other sessions end.
 */
export async function ponerSegundoPaso(
  em: EntityManager,
  box: SecretBox,
  usuarioId: number,
  { key, codigo, now, autor, keep }: { key: Buffer; codigo: string; now: Date; autor: Autor; keep?: Buffer },
): Promise<string[] | undefined> {
  const step = stepOfCode(key, codigo, now)
  if (step === undefined) return undefined
  const codes = Array.from({ length: CODES }, newCode)
  const hashes = await Promise.all(codes.map((code) => hashPassword(fold(code))))
  await em.transactional(async (tx) => {
    await sql(tx, 'update usuario set totp_secreto = $2, totp_desde = $3, totp_paso = $4 where id = $1', [
      usuarioId,
      box.seal(key, placeOf(usuarioId)),
      now,
      step,
    ])
    await sql(tx, 'delete from codigo_de_recuperacion where usuario_id = $1', [usuarioId])
    await sql(tx, 'insert into codigo_de_recuperacion (usuario_id, hash) select $1, unnest($2::text[])', [
      usuarioId,
      hashes,
    ])
    await closeSessionsOf(tx, usuarioId, keep)
    await anotar(tx, 'usuario.poner_segundo_paso', usuarioId, autor)
  })
  return codes
}

/** Turns the second step off: by the person, or by an administrador for who lost phone and codes. Their other sessions end. */
export async function quitarSegundoPaso(
  em: EntityManager,
  usuarioId: number,
  autor: Autor,
  keep?: Buffer,
): Promise<void> {
  await em.transactional(async (tx) => {
    await sql(tx, 'update usuario set totp_secreto = null, totp_desde = null, totp_paso = null where id = $1', [
      usuarioId,
    ])
    await sql(tx, 'delete from codigo_de_recuperacion where usuario_id = $1', [usuarioId])
    await closeSessionsOf(tx, usuarioId, keep)
    await anotar(tx, 'usuario.quitar_segundo_paso', usuarioId, autor)
  })
}

/**
 * Does what was typed open the second step? A code of the app counts once and only if it is newer than the last one; a
 * recovery code is used up.
 * @throws {UnreadableSecret} when SECRET_KEY is not the one the key was sealed with.
 */
export async function pasaSegundoPaso(
  em: EntityManager,
  box: SecretBox,
  usuarioId: number,
  typed: string,
  now: Date,
): Promise<'codigo' | 'recuperacion' | undefined> {
  if (/^[\d\s]+$/.test(typed)) return (await usarCodigo(em, box, usuarioId, typed, now)) ? 'codigo' : undefined
  return (await usarRecuperacion(em, usuarioId, typed)) ? 'recuperacion' : undefined
}

/** Recovery codes that are left. */
export async function codigosQueQuedan(em: EntityManager, usuarioId: number): Promise<number> {
  const row = await sqlOne<{ n: number }>(
    em,
    'select count(*)::int as n from codigo_de_recuperacion where usuario_id = $1 and usado_at is null',
    [usuarioId],
  )
  return row?.n ?? 0
}

async function usarCodigo(em: EntityManager, box: SecretBox, id: number, typed: string, now: Date): Promise<boolean> {
  const stored = await sqlOne<{ sealed: Buffer }>(
    em,
    'select totp_secreto as sealed from usuario where id = $1 and totp_secreto is not null',
    [id],
  )
  const step = stored && stepOfCode(box.open(stored.sealed, placeOf(id)), typed, now)
  if (step === undefined) return false
  // One statement: of two that bring the same code at once, one wins.
  const used = await sqlOne(em, 'update usuario set totp_paso = $2 where id = $1 and totp_paso < $2 returning id', [
    id,
    step,
  ])
  return used !== undefined
}

async function usarRecuperacion(em: EntityManager, usuarioId: number, typed: string): Promise<boolean> {
  const left = await sql<{ id: number; hash: string }>(
    em,
    'select id, hash from codigo_de_recuperacion where usuario_id = $1 and usado_at is null',
    [usuarioId],
  )
  const matches = await Promise.all(left.map(({ hash }) => verifyPassword(hash, fold(typed))))
  const found = left[matches.indexOf(true)]
  if (!found) return false
  const used = await sqlOne(
    em,
    'update codigo_de_recuperacion set usado_at = now() where id = $1 and usado_at is null returning id',
    [found.id],
  )
  return used !== undefined
}

function newCode(): string {
  const half = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return `${half()}-${half()}`
}

const fold = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '')

const anotar = (em: EntityManager, action: string, objectId: number, { usuarioId, ip }: Autor) =>
  audit(em, { action, objectType: 'usuario', objectId, usuarioId, ...(ip === undefined ? {} : { ip }) })
