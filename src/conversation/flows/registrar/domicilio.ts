import { normalise } from '../../words.ts'
import { numeroDicho } from '../comprension/numeros.ts'

/** A street as people write it, taken apart. */
export interface Domicilio {
  calle: string
  numero?: string
  referencias?: string
}

/** Words with which the way to the place begins. */
const REFERENCIA =
  /[,;.\n]?\s*(?=\b(?:entre|esquina|esq|enfrente|frente|a un lado|al lado|junto|atr[aá]s|detr[aá]s|cerca|por la|por el|a una cuadra|a media cuadra|casi|a espaldas|referencia|between|in front of|across from|next to|beside|behind|near|close to|opposite|by the|(?:on|at) the corner|corner of)\b)/i

const RODEO =
  /^(?:(?:es|vivo|est[aá]|queda|i live|it is|it['’]?s)\s+)?(?:en|por|sobre|on|at|in)\s+(?:la\s+|el\s+)?(?=(?:calle|c\.|av\.?|avenida|privada|andador|boulevard|blvd\.?|carretera)\s)/i

/** `on Hidalgo street` is Hidalgo street. */
const ENGLISH_WAY =
  /^(?:(?:i live|it is|it['’]?s)\s+)?(?:on|at|in)\s+(?!(?:the\s+)?(?:corner|front)\b)(?:the\s+)?(?=[\p{L}\d])/iu

const NUMERO = /(?:^|[\s,])(?:#|n[uú]m(?:ero)?\.?|no\.?|number)?\s*(\d{1,5}(?:\s?-?\s?[a-z]\b)?)\s*$/i

const SIN_NUMERO = /[\s,]*\b(?:s\/n|sin n[uú]mero|no number)\s*$/i

/** `Hidalgo 123 entre Juárez y Morelos` → street, number and references. */
export function leerDomicilio(escrito: string): Domicilio {
  const text = numeroDetras(escrito.replace(/\s+/g, ' ').trim().replace(RODEO, '').replace(ENGLISH_WAY, ''))
  const [before = '', ...after] = splitOnce(text)
  const { calle, numero, rest } = leerCalle(before)
  const referencias = [rest, ...after].filter((part) => part !== '').join(', ')
  return { calle, ...(numero !== undefined && { numero }), ...(referencias && { referencias }) }
}

/** `on 123 Hidalgo Street`, as English has it: the number comes first. */
const CON_NUMERO_DELANTE =
  /^(?:(?:on|at)\s+)?(\d{1,5}[a-z]?)\s+([\p{L}\s.]+?\s(?:street|st\.?|avenue|ave\.?|road|rd\.?|boulevard|blvd\.?))(?=$|[\s,;])/iu

const numeroDetras = (text: string): string => text.replace(CON_NUMERO_DELANTE, '$2 $1')

function splitOnce(text: string): string[] {
  const at = REFERENCIA.exec(text)?.index
  if (at === undefined || at === 0) return [text]
  return [text.slice(0, at).trim(), text.slice(at).replace(/^[,;.\s]+/, '')]
}

/** Does the text tell only how to get there, and no street? */
export const soloReferencia = (text: string): boolean => REFERENCIA.exec(text)?.index === 0

const CON_CALLE = /\b(?:calle|avenida|av\.?|boulevard|blvd\.?|privada|andador|carretera)\s/i

/** `nogal cuarenta y cinco`: what is left of a street when its last words are a number of at most four digits. */
function numeroAlFinal(street: string): { calle: string; numero: string } | undefined {
  const words = street.split(' ')
  const bares = words.map(normalise)
  const named = CON_CALLE.test(street) ? 2 : 1
  for (let at = named; at < words.length; at++) {
    const dicho = bares[at - 1] === 'de' ? undefined : numeroDicho(bares.slice(at))
    if (dicho && dicho.numero <= 9999 && at + dicho.palabras === words.length)
      return {
        calle: words
          .slice(0, at)
          .join(' ')
          .replace(/[\s,]+(?:n[uú]m(?:ero)?\.?|no\.?)$/i, ''),
        numero: String(dicho.numero),
      }
  }
  return undefined
}

function leerCalle(text: string): { calle: string; numero?: string; rest: string } {
  const parts = text.split(/\s*[,;]\s*/)
  // "Ya les dije, en la calle Hidalgo": the part that says street is the street.
  const first = Math.max(
    0,
    parts.findIndex((part) => CON_CALLE.test(part)),
  )
  const [street = '', ...others] = [parts[first]?.replace(RODEO, ''), ...parts.toSpliced(first, 1)].filter(
    (one) => one !== undefined,
  )
  const own = NUMERO.exec(street)?.[1] ?? undefined
  const enPalabras = own === undefined ? numeroAlFinal(street) : undefined
  const next = own === undefined && !enPalabras ? NUMERO.exec(others[0] ?? '') : null
  if (next) others.shift()
  const rest = others.join(', ')
  if (enPalabras) return { ...enPalabras, rest }
  if (SIN_NUMERO.test(street)) return { calle: street.replace(SIN_NUMERO, ''), numero: 'S/N', rest }
  const numero = own ?? next?.[1]
  // "Calle 5" is a street's name: its digits are no number of a house.
  const named =
    own !== undefined &&
    /^(?:calle|avenida|av\.?|privada|andador|carretera|km\.?)\s*(?:#|n[uú]m(?:ero)?\.?|no\.?)?\s*\d+$/i.test(street)
  if (named || numero === undefined) return { calle: street, rest }
  const calle = own === undefined ? street : street.replace(NUMERO, '').trim()
  return calle === '' ? { calle: street, rest } : { calle, numero: numero.replace(/\s/g, '').toUpperCase(), rest }
}
