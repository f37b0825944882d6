import { createHash, randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, sqlOne } from '../../runtime/sql.ts'

/** A waiting room's screen. */
export interface Pantalla {
  id: number
  /** null shows all módulos. */
  modulo: string | null
  creadaAt: Date
  vistaAt: Date | null
}

/** Makes a screen; gives its 256-bit token, of which only a hash is stored. */
export async function hacerPantalla(
  em: EntityManager,
  { modulo, usuarioId, at }: { modulo: string | null; usuarioId: number; at: Date },
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await sql(em, 'insert into pantalla_de_espera (token_hash, modulo, creada_por, creada_at) values ($1, $2, $3, $4)', [
    hashDe(token),
    modulo,
    usuarioId,
    at,
  ])
  return token
}

/** The screen of a token, until it is taken away; notes each minute that it is looked at. */
export async function pantallaDe(em: EntityManager, token: string, ahora: Date): Promise<Pantalla | undefined> {
  const found = await sqlOne<Pantalla>(em, `${SELECT} where token_hash = $1 and retirada_at is null`, [hashDe(token)])
  if (found && ahora.getTime() - (found.vistaAt?.getTime() ?? 0) > 60_000) {
    await sql(em, 'update pantalla_de_espera set vista_at = $2 where id = $1', [found.id, ahora])
  }
  return found
}

/** The screens in use. */
export const pantallas = (em: EntityManager): Promise<Pantalla[]> =>
  sql<Pantalla>(em, `${SELECT} where retirada_at is null order by id limit 100`)

/** Its link shows nothing any more; false when there is no such screen. */
export async function retirarPantalla(em: EntityManager, id: number, ahora: Date): Promise<boolean> {
  const gone = await sqlOne(
    em,
    'update pantalla_de_espera set retirada_at = $2 where id = $1 and retirada_at is null returning id',
    [id, ahora],
  )
  return gone !== undefined
}

const hashDe = (token: string) => createHash('sha256').update(token).digest()

const SELECT = `select id, modulo, creada_at as "creadaAt", vista_at as "vistaAt" from pantalla_de_espera`
