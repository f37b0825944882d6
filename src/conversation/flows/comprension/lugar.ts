import { distance } from 'fastest-levenshtein'
import { sound } from '../../sound.ts'
import type { Lexicon } from '../../understanding/lexicon.ts'
import type { ColoniaVista } from '../vocabulary.ts'
import { leerNumero } from './numeros.ts'

/** What a text says of the place; every value is as the citizen wrote it, a known colonia as the catalogue has it. */
export interface LugarDicho {
  colonia?: string
  /** Named like several colonias: which one is meant must be asked. */
  coloniaEscrita?: string
  calle?: string
  numero?: string
  referencias?: string
}

/** The place, and from and to (exclusive) of the names in the text: of what these say, nothing is a problem. */
export interface LugarLeido {
  lugar: LugarDicho
  nombres: (readonly [number, number])[]
}

/** Reads the place out of a text. */
export type LeerLugar = (texto: string, colonias: readonly ColoniaVista[]) => LugarLeido

/** A word of the text: as written, and as it is compared. */
interface Pieza {
  bare: string
  sound: string
  from: number
  to: number
  /** Does punctuation stand before it? */
  corte: boolean
}

/** The most words of a name of a colonia, of a street, and of the way to a place. */
const LARGO = { colonia: 6, calle: 5, referencia: 10 } as const
/** Text beyond this is not searched for places. */
const LEIDO = 1500

type Palabras = Readonly<Record<keyof Lexicon['lugar'], ReadonlySet<string>>>

/** Prepares reading places with the words of the lexicon. */
export function prepararLugar(lexicon: Lexicon): LeerLugar {
  const short = new Map(Object.entries(lexicon.abreviaturas))
  const sounds = (list: readonly string[]) => new Set(list.map((one) => one.split(' ').map(sound).join(' ')))
  const { calles, colonias, referencias, fin, no_es_nombre } = lexicon.lugar
  const palabras: Palabras = {
    calles: sounds(calles),
    colonias: sounds(colonias),
    referencias: sounds(referencias),
    fin: sounds([...fin, ...calles, ...colonias, ...referencias]),
    no_es_nombre: sounds(no_es_nombre),
  }
  return (texto, conocidas) => {
    const piezas = piezasDe(texto.slice(0, LEIDO), short)
    const leer = { texto, piezas, palabras }
    const { colonia, from, to } = leerColonia(leer, conocidas)
    // The words of the colonia are no street.
    const resto = from === undefined ? leer : { ...leer, piezas: sinTramo(piezas, from, to ?? from) }
    const lugar = { ...colonia, ...leerCalle(resto), ...leerReferencias(resto) }
    const deColonia =
      from === undefined ? [] : [[piezas[from]?.from ?? 0, piezas[(to ?? from + 1) - 1]?.to ?? 0] as const]
    return { lugar, nombres: [...deColonia, ...[lugar.calle, lugar.referencias].flatMap((one) => tramoDe(texto, one))] }
  }
}

/** Where words that were taken from the text stand in it. */
function tramoDe(texto: string, dicho: string | undefined): (readonly [number, number])[] {
  const at = dicho === undefined ? -1 : texto.indexOf(dicho)
  return dicho === undefined || at === -1 ? [] : [[at, at + dicho.length]]
}

interface Lectura {
  texto: string
  piezas: readonly Pieza[]
  palabras: Palabras
}

function piezasDe(texto: string, short: ReadonlyMap<string, string>): Pieza[] {
  let before = 0
  return [...texto.matchAll(/[\p{L}\p{M}\p{N}]+(?:-[a-z0-9])?/giu)].map((match) => {
    const plain = match[0].normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
    const bare = short.get(plain) ?? plain
    const from = match.index
    const gap = texto.slice(before, from)
    const punto = gap.includes('.') && !ABREVIADA.test(texto.slice(Math.max(0, before - 8), before))
    const corte = before > 0 && (punto || /[,;:!?\n()]/.test(gap))
    before = from + match[0].length
    return { bare, sound: sound(bare), from, to: before, corte }
  })
}

/** A dot after these ends no sentence. */
const ABREVIADA = /(?:^|\s)(?:col|fracc?|av|ave|blvd|priv|esq|c|no|num|prol|cd|sta|sto|gral|lic|ing|dr)$/i

/** Without the pieces from `from` to `to`; what follows stands apart from what came before. */
function sinTramo(piezas: readonly Pieza[], from: number, to: number): Pieza[] {
  return [...piezas.slice(0, from), ...piezas.slice(to).map((one, at) => (at === 0 ? { ...one, corte: true } : one))]
}

interface ColoniaLeida {
  colonia: Pick<LugarDicho, 'colonia' | 'coloniaEscrita'>
  from?: number
  to?: number
}

function leerColonia(leer: Lectura, conocidas: readonly ColoniaVista[]): ColoniaLeida {
  const { piezas, palabras } = leer
  for (const [at, pieza] of piezas.entries()) {
    if (!palabras.colonias.has(pieza.sound)) continue
    const [from, to] = tramoConocido(piezas, at + 1, conocidas, true) ?? [undefined, undefined]
    if (from !== undefined && to !== undefined) return { colonia: deTramo(leer, from, to, conocidas), from: at, to }
    const libre = tramoLibre(leer, at + 1, LARGO.colonia - 2)
    if (libre && pieza.bare !== 'comunidad')
      return { colonia: { colonia: escrito(leer, ...libre) }, from: at, to: libre[1] }
  }
  return coloniaSola(leer, conocidas)
}

/** A colonia of the catalogue without its kind: after `en` or `de`, or between commas. */
function coloniaSola(leer: Lectura, conocidas: readonly ColoniaVista[]): ColoniaLeida {
  const { piezas } = leer
  for (const at of piezas.keys()) {
    if (!introducida(leer, at)) continue
    const tramo = tramoConocido(piezas, at, conocidas, false)
    if (tramo) return { colonia: deTramo(leer, ...tramo, conocidas), from: tramo[0], to: tramo[1] }
  }
  return { colonia: {} }
}

const ARTICULOS = new Set(['la', 'el', 'los', 'las'])
const ANTES = new Set(['en', 'de', 'por', 'aqui', 'vivo', 'desde'])

/** `en Miramar`, `aquí en la Miramar`, `…, Miramar`; not `parque Miramar` nor `calle de Miramar`. */
function introducida({ piezas, palabras }: Lectura, at: number): boolean {
  const before = ARTICULOS.has(piezas[at - 1]?.bare ?? '') ? at - 2 : at - 1
  const word = piezas[before]?.bare
  if (piezas[at]?.corte || before < 0) return true
  const earlier = piezas[before - 1]
  return (
    word !== undefined &&
    ANTES.has(word) &&
    !(word === 'de' && earlier !== undefined && palabras.calles.has(earlier.sound))
  )
}

const nombresConocidos = new WeakMap<readonly ColoniaVista[], ReadonlyMap<string, readonly ColoniaVista[]>>()

function porNombre(conocidas: readonly ColoniaVista[]): ReadonlyMap<string, readonly ColoniaVista[]> {
  const known = nombresConocidos.get(conocidas)
  if (known) return known
  const made = Map.groupBy(conocidas, ({ nombre }) => nombreSonado(nombre))
  nombresConocidos.set(conocidas, made)
  return made
}

const nombreSonado = (nombre: string) =>
  (nombre.replace(/\(.*\)/, '').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(sound).join(' ')

/** From and to of a known name that begins at `at`, articles before it left out; the longest. */
function tramoConocido(
  piezas: readonly Pieza[],
  at: number,
  conocidas: readonly ColoniaVista[],
  parecida: boolean,
): [number, number] | undefined {
  const nombres = porNombre(conocidas)
  const starts = [at, ...sinArticulos(piezas, at)]
  for (const start of starts) {
    for (let length = LARGO.colonia; length > 0; length--) {
      const tramo = piezas.slice(start, start + length)
      if (tramo.length < length || tramo.slice(1).some(({ corte }) => corte)) continue
      const name = tramo.map((one) => one.sound).join(' ')
      if (nombres.has(name) || (parecida && parecido(name, nombres) !== undefined)) return [start, start + length]
    }
  }
  return undefined
}

/** Where the name begins without `de`, `la` or `de la` before it. */
function sinArticulos(piezas: readonly Pieza[], at: number): number[] {
  const deja = (one: number) => piezas[one]?.bare === 'de' || ARTICULOS.has(piezas[one]?.bare ?? '')
  if (!deja(at)) return []
  return piezas[at]?.bare === 'de' && deja(at + 1) ? [at + 1, at + 2] : [at + 1]
}

/** The known name that this one nearly is. */
function parecido(name: string, nombres: ReadonlyMap<string, unknown>): string | undefined {
  if (name.length < 6) return undefined
  const allowed = name.length >= 11 ? 2 : 1
  for (const known of nombres.keys())
    if (Math.abs(known.length - name.length) <= allowed && distance(known, name) <= allowed) return known
  return undefined
}

function deTramo(
  leer: Lectura,
  from: number,
  to: number,
  conocidas: readonly ColoniaVista[],
): Pick<LugarDicho, 'colonia' | 'coloniaEscrita'> {
  const nombres = porNombre(conocidas)
  const name = leer.piezas
    .slice(from, to)
    .map((one) => one.sound)
    .join(' ')
  const [una, ...otras] = nombres.get(name) ?? nombres.get(parecido(name, nombres) ?? '') ?? []
  if (!una) return {}
  return otras.length === 0 ? { colonia: una.nombre } : { coloniaEscrita: escrito(leer, from, to) }
}

const escrito = ({ texto, piezas }: Lectura, from: number, to: number): string =>
  texto.slice(piezas[from]?.from ?? 0, piezas[to - 1]?.to ?? 0).replace(/\s+/g, ' ')

const ENLACES = new Set(['de', 'del', 'la', 'las', 'los', 'el', 'y', 'san', 'santa'])

/** A name nobody knows: as many words as belong to it. */
function tramoLibre({ piezas, palabras }: Lectura, at: number, most: number): [number, number] | undefined {
  const first = piezas[at]
  if (
    !first ||
    palabras.fin.has(first.sound) ||
    palabras.no_es_nombre.has(first.sound) ||
    first.bare === 'de' ||
    first.corte
  )
    return undefined
  let to = at
  for (let next = at; next < at + most; next++) {
    const pieza = piezas[next]
    if (!pieza || (next > at && pieza.corte) || palabras.fin.has(pieza.sound) || palabras.no_es_nombre.has(pieza.sound))
      break
    if (!ENLACES.has(pieza.bare) || pieza.bare === 'y') to = pieza.bare === 'y' ? to : next + 1
    if (pieza.bare === 'y') break
  }
  return to > at ? [at, to] : undefined
}

function leerCalle(leer: Lectura): Pick<LugarDicho, 'calle' | 'numero'> {
  const { piezas, palabras } = leer
  for (const [at, pieza] of piezas.entries()) {
    if (!palabras.calles.has(pieza.sound) || piezas[at - 1]?.bare === 'esquina') continue
    const tramo = tramoDeCalle(leer, at + 1)
    if (!tramo || entreAntes(leer, at)) continue
    const numero = numeroTras(leer, tramo[1])
    const calle = escrito(leer, at, tramo[1])
    return { calle, ...(numero && { numero }) }
  }
  return calleSinNombrarla(leer)
}

/** A street that is told between two others is the way to the place. */
const entreAntes = ({ piezas }: Lectura, at: number): boolean =>
  piezas.slice(Math.max(0, at - 6), at).some(({ bare }) => bare === 'entre')

const NUMERO = /^\d{1,5}(?:-?[a-z0-9])?$/

const MES = /^(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)$/

/** `5 de Mayo` is a name. */
const esFecha = (piezas: readonly Pieza[], at: number): boolean =>
  piezas[at + 1]?.bare === 'de' && MES.test(piezas[at + 2]?.bare ?? '')

/** The words of a street's name: its number is none of them, unless it is the name. */
function tramoDeCalle(leer: Lectura, at: number): [number, number] | undefined {
  const { piezas } = leer
  const first = piezas[at]
  if (first && NUMERO.test(first.bare) && !first.corte) {
    const fecha = esFecha(piezas, at) ? tramoLibre(leer, at + 2, 1) : undefined
    return fecha ? [at, fecha[1]] : [at, at + 1]
  }
  const tramo = tramoLibre(leer, at, LARGO.calle)
  if (!tramo) return undefined
  const digits = piezas.slice(...tramo).findIndex(({ bare }, index) => index > 0 && NUMERO.test(bare))
  return digits > 0 && !esFecha(piezas, at + digits) ? [at, at + digits] : tramo
}

const UNIDADES =
  /^(?:dias?|semanas?|mes(?:es)?|anos?|horas?|veces|metros?|casas?|pesos|personas?|lamparas?|focos|baches|cuadras?|am|pm)$/

function numeroTras({ piezas, texto }: Lectura, at: number): string | undefined {
  const anunciado = /^(?:numero|num|no)$/.test(piezas[at]?.bare ?? '') || texto[(piezas[at]?.from ?? 0) - 1] === '#'
  const from = /^(?:numero|num|no)$/.test(piezas[at]?.bare ?? '') ? at + 1 : at
  const pieza = piezas[from]
  if (!pieza) return undefined
  if (NUMERO.test(pieza.bare) && (anunciado || !UNIDADES.test(piezas[from + 1]?.bare ?? '')))
    return pieza.bare.toUpperCase()
  if (!anunciado) return undefined
  const dicho = leerNumero(piezas.slice(from, from + 6).map(({ bare }) => bare))
  return dicho === undefined ? undefined : String(dicho)
}

/** `en Hidalgo 305`, `vivo en la Hidalgo número 12`. */
function calleSinNombrarla(leer: Lectura): Pick<LugarDicho, 'calle' | 'numero'> {
  const { piezas, palabras } = leer
  for (const [at, pieza] of piezas.entries()) {
    if (pieza.bare !== 'en' && pieza.bare !== 'sobre') continue
    const from = ARTICULOS.has(piezas[at + 1]?.bare ?? '') ? at + 2 : at + 1
    const tramo = tramoLibre(leer, from, 4)
    if (!tramo) continue
    const digits = piezas.slice(...tramo).findIndex(({ bare }, index) => index > 0 && NUMERO.test(bare))
    const to = digits > 0 ? from + digits : tramo[1]
    const numero = numeroTras(leer, to)
    if (numero && !palabras.no_es_nombre.has(piezas[from]?.sound ?? ''))
      return { calle: escrito(leer, from, to), numero }
  }
  return {}
}

/** `entre Juárez y Morelos`, `a un lado de la tienda`; not `enfrente de mi casa`, which nobody finds. */
function leerReferencias(leer: Lectura): Pick<LugarDicho, 'referencias'> {
  const { piezas, palabras } = leer
  for (const [at, pieza] of piezas.entries()) {
    const length = [3, 2, 1].find((count) =>
      palabras.referencias.has(
        piezas
          .slice(at, at + count)
          .map((one) => one.sound)
          .join(' '),
      ),
    )
    if (length === undefined) continue
    const to = finDeReferencia(leer, at + length, pieza.bare === 'entre')
    const propias = piezas.slice(at, to).some(({ bare }) => bare === 'mi' || bare === 'nuestra' || bare === 'nosotros')
    const cabal = pieza.bare !== 'entre' || piezas.slice(at, to).some(({ bare }) => bare === 'y')
    if (to > at + length && !propias && cabal) return { referencias: escrito(leer, at, to) }
  }
  return {}
}

function finDeReferencia({ piezas, palabras }: Lectura, at: number, entre: boolean): number {
  let to = at
  for (let next = at; next < at + LARGO.referencia; next++) {
    const pieza = piezas[next]
    const une = (entre && pieza?.bare === 'y') || (pieza?.bare === 'con' && next === at)
    if (!pieza || pieza.corte || (palabras.fin.has(pieza.sound) && !une && !palabras.calles.has(pieza.sound))) break
    if (palabras.no_es_nombre.has(pieza.sound) && next > at && !ENLACES.has(pieza.bare)) break
    to = next + 1
  }
  while (to > at && ENLACES.has(piezas[to - 1]?.bare ?? '')) to -= 1
  return to
}
