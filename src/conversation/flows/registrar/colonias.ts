import Fuse from 'fuse.js'
import { normalise, wordsOf } from '../../words.ts'
import type { ColoniaVista } from '../vocabulary.ts'

/** What a typed colonia may be. */
export interface Buscada {
  /** The one that is meant, when there is no doubt. */
  una?: ColoniaVista
  /** Those that may be meant, likeliest first; at most `CANDIDATAS`. */
  varias: ColoniaVista[]
}

/** How many colonias are offered to choose from, beside the one as typed. */
export const CANDIDATAS = 5

/** From 0 (equal) to 1; above this a name is another one. */
const PARECIDO = 0.3

const RODEO =
  /^(?:es|esta|queda|vivo|estoy|aqui|ala|en|por|de|la|el|mi|i|live|it|is|its|in|at|on|from|near|the|my|neighborhod|neighborhood|colonia|col|fracionamiento|frac|ejido|barrio|sector|unidad habitacional|poblado)\b/

/** A name with ever fewer of the words that lead up to it: `vivo en la pedrera`, `en la pedrera`, `la pedrera`, `pedrera`. */
function sinRodeos(name: string): string[] {
  const bare = name.replace(RODEO, '').trim()
  return bare === name || bare === '' ? (name === '' ? [] : [name]) : [name, ...sinRodeos(bare)]
}

/** A postal code tells homonyms apart: `Magisterial 89610`, `magisterial (cp 89610)`. */
const CP = /\W*(?:c\.?\s?p\.?|c[oó]digo postal)?\s*\b(\d{5})\b\W*/i

/** `magisterial rural`, where the catalogue has a Magisterial in a zone of that name. */
function sinZona(name: string, colonias: readonly ColoniaVista[]): string {
  const zona = colonias.find((one) => one.zona !== '' && name === `${normalise(one.nombre)} ${normalise(one.zona)}`)
  return zona ? normalise(zona.nombre) : name
}

function deEse(escrita: string, iguales: readonly ColoniaVista[]): readonly ColoniaVista[] {
  const cp = CP.exec(escrita)?.[1]
  const zona = iguales.filter((one) => one.zona !== '' && wordsOf(escrita).includes(normalise(one.zona)))
  const esas = iguales.filter((one) => one.cp === cp)
  return esas.length > 0 ? esas : zona.length === 1 ? zona : iguales
}

const indices = new WeakMap<readonly ColoniaVista[], Fuse<{ name: string; colonia: ColoniaVista }>>()

/** Looks a typed colonia up in the catalogue, without regard to case, accents and small misspellings. */
export function buscarColonia(escrita: string, colonias: readonly ColoniaVista[]): Buscada {
  const names = sinRodeos(sinZona(normalise(escrita.replace(CP, ' ')), colonias))
  const name = names.at(-1) ?? ''
  const iguales = deEse(
    escrita,
    colonias.filter((one) => names.includes(normalise(one.nombre))),
  )
  const [una] = iguales
  if (una) return iguales.length === 1 ? { una, varias: [] } : { varias: iguales.slice(0, CANDIDATAS) }
  const found = indexOf(colonias).search(name, { limit: CANDIDATAS })
  return { varias: found.map(({ item }) => item.colonia) }
}

function indexOf(colonias: readonly ColoniaVista[]) {
  const known = indices.get(colonias)
  if (known) return known
  const list = colonias.map((colonia) => ({ name: normalise(colonia.nombre), colonia }))
  const made = new Fuse(list, { keys: ['name'], threshold: PARECIDO, ignoreLocation: true, minMatchCharLength: 3 })
  indices.set(colonias, made)
  return made
}

/** The one known colonia whose name stands among other words, the longest when one name holds another: `ya le dije que arboledas`. */
export function coloniaEntrePalabras(escrito: string, colonias: readonly ColoniaVista[]): ColoniaVista | undefined {
  const words = ` ${normalise(escrito)} `
  const nombradas = colonias.filter(({ nombre }) => words.includes(` ${normalise(nombre)} `))
  const largo = Math.max(...nombradas.map(({ nombre }) => nombre.length))
  const largas = nombradas.filter(({ nombre }) => nombre.length === largo)
  return largas.length === 1 ? largas[0] : undefined
}

/** A typed place taken apart: its colonia as written and looked up, and what else was said, when the colonia is known. */
export interface Leido {
  escrita: string
  busqueda: Buscada
  resto?: string
}

const TRAS_NOMBRE = /\s*[,;\n]\s*|\s+(?=(?:calle|c\.|av\.?|avenida|privada|andador|entre)\s)/i
const ANTES_DE_NOMBRE = /[\s,;]+(?=(?:en la |de la )?(?:colonia|col\.?|fraccionamiento|fracc?\.?|ejido)\s)/i

/** Reads `Miramar`, `Miramar, calle Hidalgo 123` and `Hidalgo 123 col. Miramar`. */
export function leerLugar(escrito: string, colonias: readonly ColoniaVista[]): Leido {
  const whole = buscarColonia(escrito, colonias)
  if (whole.una) return { escrita: escrito, busqueda: whole }
  for (const [parte, resto] of [partir(escrito, TRAS_NOMBRE), partir(escrito, ANTES_DE_NOMBRE).toReversed()]) {
    const busqueda = buscarColonia(parte ?? '', colonias)
    if (parte && resto && busqueda.una)
      return { escrita: parte, busqueda, resto: resto.replace(/^calle\s+(?!\d)/i, '') }
  }
  return { escrita: escrito, busqueda: whole }
}

function partir(texto: string, donde: RegExp): string[] {
  const match = donde.exec(texto)
  return match ? [texto.slice(0, match.index), texto.slice(match.index + match[0].length)] : [texto]
}

/** How a colonia is shown in a menu: with its CP or zone when another has the same name. */
export function etiquetaDeColonia(colonia: ColoniaVista, entre: readonly ColoniaVista[]): string {
  const homonima = entre.some((one) => one !== colonia && normalise(one.nombre) === normalise(colonia.nombre))
  const detalle = colonia.cp || colonia.zona
  return homonima && detalle ? `${colonia.nombre} (${detalle})` : colonia.nombre
}

/** An id for a menu, short and stable. */
export const idDeColonia = ({ nombre, cp }: ColoniaVista): string =>
  `${normalise(nombre).replaceAll(' ', '-').slice(0, 30)}-${cp}`
