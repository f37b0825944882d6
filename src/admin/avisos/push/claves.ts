import type { EntityManager } from '@mikro-orm/postgresql'
import { createSecretBox } from '../../../runtime/secret-box.ts'
import { sql, sqlOne } from '../../../runtime/sql.ts'

/** By which push services know that it is us (RFC 8292), base64url. */
export interface ClavesPush {
  publica: string
  privada: string
}

const PROPOSITO = 'web push'
const LUGAR = 'clave_push'

/**
 * The key pair, made once and for all: with another one every subscription is lost. The private one is kept sealed.
 * @throws {UnreadableSecret} when SECRET_KEY is not the one it was sealed with.
 */
export async function clavesPush(em: EntityManager, secretKey: string): Promise<ClavesPush> {
  const box = createSecretBox(secretKey, PROPOSITO)
  const row = (await leer(em)) ?? (await hacer(em, secretKey))
  return { publica: row.publica, privada: box.open(row.privada, LUGAR).toString('utf8') }
}

/** The public one, which a browser subscribes with. */
export async function clavePublica(em: EntityManager, secretKey: string): Promise<string> {
  return ((await leer(em)) ?? (await hacer(em, secretKey))).publica
}

interface Fila {
  publica: string
  privada: Buffer
}

const leer = (em: EntityManager) => sqlOne<Fila>(em, 'select publica, privada from clave_push')

/** Of two processes that make one at once, one is kept. */
async function hacer(em: EntityManager, secretKey: string): Promise<Fila> {
  const { default: webPush } = await import('web-push')
  const { publicKey, privateKey } = webPush.generateVAPIDKeys()
  const sealed = createSecretBox(secretKey, PROPOSITO).seal(Buffer.from(privateKey), LUGAR)
  await sql(em, 'insert into clave_push (publica, privada) values ($1, $2) on conflict do nothing', [publicKey, sealed])
  const kept = await leer(em)
  if (!kept) throw new Error('the key pair for web push was not kept')
  return kept
}
