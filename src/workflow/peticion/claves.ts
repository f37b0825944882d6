import { createHmac, timingSafeEqual } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Locale } from '../../conversation/state.ts'
import { sqlOne } from '../../runtime/sql.ts'
import { generarClave, parseClave, parseFolio } from './folio.ts'

// One key, a purpose in each message: what is made for one use is worth nothing in another.
const mac = (secretKey: string, ...parts: string[]) => createHmac('sha256', secretKey).update(parts.join('\n')).digest()

/** What is stored of a petition's clave; bound to its folio, useless without SECRET_KEY. */
export const hashDeClave = (secretKey: string, folio: string, clave: string): Buffer =>
  mac(secretKey, 'clave', folio, clave)

/** What is stored of a one-time code, useless without SECRET_KEY. */
export const hashDeCodigo = (secretKey: string, codigo: string): Buffer => mac(secretKey, 'codigo', codigo)

/** The same clave for the same captured form, so that its second post can say it again. */
export function claveDeCaptura(secretKey: string, captura: string): string {
  let at = 0
  return generarClave((max) => mac(secretKey, 'captura', captura, String(at++)).readUInt32BE() % max)
}

/** `/folio?folio=…&firma=…`: opens the public page of this one petition without its clave, as every notice carries it; in English with `&idioma=en`. */
export function enlaceFirmado(
  { publicUrl, secretKey }: { publicUrl: string; secretKey: string },
  folio: string,
  locale: Locale = 'es',
): string {
  const idioma = locale === 'es' ? {} : { idioma: locale }
  const query = new URLSearchParams({ folio, firma: firmaDe(secretKey, folio), ...idioma })
  return `${publicUrl}/folio?${query}`
}

const firmaDe = (secretKey: string, folio: string) =>
  mac(secretKey, 'enlace', folio).subarray(0, 16).toString('base64url')

/** Did we sign the link to this folio? */
export function firmaValida(secretKey: string, folio: string, firma: string): boolean {
  return iguales(Buffer.from(firmaDe(secretKey, folio)), Buffer.from(firma))
}

/**
 * The folio as it is stored, when this clave opens it; however both are typed. The same undefined, after the same work, for
 * an unknown folio and a wrong clave. Whoever calls limits how often it may be tried.
 */
export async function folioConClave(
  em: EntityManager,
  textos: { folio: string; clave: string },
  { secretKey, prefijo }: { secretKey: string; prefijo: string },
): Promise<string | undefined> {
  const leido = parseFolio(textos.folio, prefijo)
  const folio = leido.kind === 'folio' ? leido.folio : ''
  const clave = parseClave(textos.clave) ?? ''
  const row = await sqlOne<{ hash: Buffer }>(em, 'select clave_hash as hash from peticion where folio = $1', [folio])
  const esperado = hashDeClave(secretKey, folio, clave)
  return iguales(row?.hash ?? Buffer.alloc(esperado.length), esperado) ? folio : undefined
}

function iguales(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
