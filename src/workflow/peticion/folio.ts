import { randomInt } from 'node:crypto'
import { damm } from './damm.ts'

/** What a folio is made of: full year of registration and number within that year. */
export interface PartesDeFolio {
  prefijo: string
  anio: number
  secuencia: number
}

/** What a person typed: a folio in its one true form, a folio with a wrong digit, or no folio at all. */
export type FolioLeido =
  | ({ kind: 'folio'; folio: string } & PartesDeFolio)
  | { kind: 'digito_incorrecto' }
  | { kind: 'no_es_folio' }

/** Letters and digits of a clave: 31, without 0 O 1 I L, which people confuse. */
export const ALFABETO_CLAVE = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const LARGO_CLAVE = 8
const DIGITOS_SECUENCIA = 6

/**
 * `UAC-26-004217-4`.
 * @throws {RangeError} when the year is not in 2000–2099 or the sequence not a positive whole number.
 */
export function formatFolio({ prefijo, anio, secuencia }: PartesDeFolio): string {
  if (!Number.isInteger(anio) || anio < 2000 || anio > 2099) throw new RangeError(`year ${anio} is not in 2000–2099`)
  if (!Number.isSafeInteger(secuencia) || secuencia < 1)
    throw new RangeError(`sequence ${secuencia} is not a positive whole number`)
  const year = String(anio).slice(2)
  const number = String(secuencia).padStart(DIGITOS_SECUENCIA, '0')
  return `${prefijo}-${year}-${number}-${damm(year + number)}`
}

/**
 * Reads a folio in any case, with or without prefix, with any spaces, dots or dashes or none, and after the word "folio".
 * A folio typed without prefix gets `prefijo`; a typed one is kept, since older folios may carry another. The zeros of
 * the sequence may be left out only where separators show the three parts: else a forgotten digit could pass.
 */
export function parseFolio(texto: string, prefijo: string): FolioLeido {
  const typed = texto.normalize('NFKC').toUpperCase().trim()
  const compact = typed.replace(SEPARATORS, '')
  const groups = (COMPACT.exec(compact) ?? SEPARATED.exec(typed.replace(SEPARATORS, ' ')))?.groups
  if (!groups) return { kind: 'no_es_folio' }
  const { prefix, year = '', number = '', check = '' } = groups
  return readParts(prefix ?? prefijo, year, number, check)
}

const SEPARATORS = /[\s.,:#_/\p{Pd}−]+/gu
const COMPACT = /^(?:FOLIO)?(?<prefix>[A-Z]{2,6})?(?<year>\d{2})(?<number>\d{6,})(?<check>\d)$/
const SEPARATED = /^(?:FOLIO )?(?<prefix>[A-Z]{2,6})? ?(?<year>\d{2}) (?<number>\d{1,5}) (?<check>\d)$/

function readParts(prefijo: string, year: string, number: string, check: string): FolioLeido {
  const digits = number.padStart(DIGITOS_SECUENCIA, '0')
  const secuencia = Number(number)
  if (damm(year + digits) !== check) return { kind: 'digito_incorrecto' }
  if (secuencia < 1 || !Number.isSafeInteger(secuencia)) return { kind: 'no_es_folio' }
  const parts = { prefijo, anio: 2000 + Number(year), secuencia }
  const folio = formatFolio(parts)
  return folio.endsWith(`-${digits}-${check}`) ? { kind: 'folio', folio, ...parts } : { kind: 'no_es_folio' }
}

/** Eight letters for the public page; `random(n)` gives a whole number from 0 to n - 1, by default a cryptographic one. */
export function generarClave(random: (max: number) => number = randomInt): string {
  return Array.from({ length: LARGO_CLAVE }, () => ALFABETO_CLAVE[random(ALFABETO_CLAVE.length)]).join('')
}

/** A clave as typed, in any case and spacing, brought to its one true form; undefined when it cannot be one. */
export function parseClave(texto: string): string | undefined {
  const clave = texto
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
  return clave.length === LARGO_CLAVE && [...clave].every((letter) => ALFABETO_CLAVE.includes(letter))
    ? clave
    : undefined
}
