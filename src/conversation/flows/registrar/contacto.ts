import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { z } from 'zod'
import { toE164 } from '../../../runtime/phone.ts'

/** The longest name, in characters. */
const NOMBRE = 100

/** A telephone in E.164, Mexican unless written with another country's prefix; undefined when it cannot be one. */
export const leerTelefono = (escrito: string): string | undefined => toE164(escrito)

/** A telephone as people read it, without Mexico's prefix. */
export const telefonoEscrito = (e164: string): string => {
  const number = parsePhoneNumberFromString(e164)
  return (number?.country === 'MX' ? number.formatNational() : number?.formatInternational()) ?? e164
}

const TELEFONO = /\+?\d[\d\s().-]{7,}\d/

/** The telephone within a longer text. */
export function telefonoEnTexto(texto: string): string | undefined {
  const found = TELEFONO.exec(texto)?.[0]
  return found === undefined ? undefined : leerTelefono(found)
}

const email = z.email()
const EMAIL = /[^\s<>,;]+@[^\s<>,;]+/

/** The e-mail address within a text, in small letters. */
export function emailEnTexto(texto: string): string | undefined {
  const found = EMAIL.exec(texto)?.[0]
    ?.replace(/[.,;:]+$/, '')
    .toLowerCase()
  return found !== undefined && email.safeParse(found).success ? found : undefined
}

const ANTES_DEL_NOMBRE =
  /^(?:(?:hola|s[ií]|claro|hello|hi|yes|sure)[,.\s]+)*(?:mi nombre es|me llamo|soy|a nombre de|es|nombre:?|(?:my )?name(?: is|['’]s|:)|i am|i['’]m|this is|it is|it['’]s)\s+/i

/** A person's name as written, without what introduces it; undefined when it cannot be one. */
export function leerNombre(escrito: string): string | undefined {
  const nombre = escrito
    .replace(TELEFONO, ' ')
    .replace(EMAIL, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(ANTES_DEL_NOMBRE, '')
    .replace(
      /[,;:.\s]*(?:(?:y|and) )?(?:(?:mi|my) )?(?:tel[eé]fono|tel|cel|celular|n[uú]mero|correo|phone number|phone|cell|number|e-?mail)?(?: (?:es|is))?[,;:.\s]*$/i,
      '',
    )
  const letters = nombre.match(/\p{L}/gu)?.length ?? 0
  return letters >= 2 && nombre.length <= NOMBRE && !/[\d@#]/.test(nombre) ? nombre : undefined
}

/** A name from a platform's profile, when it looks like one: profiles also hold emoji, slogans and trade names. */
export function nombreDePerfil(profile: string | null): string | undefined {
  const nombre = profile?.replace(/\s+/g, ' ').trim()
  return nombre && /^\p{L}[\p{L}.'’ -]{1,60}$/u.test(nombre) ? nombre : undefined
}
