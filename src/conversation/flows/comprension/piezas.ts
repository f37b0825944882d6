import { sound } from '../../sound.ts'
import type { Lexicon } from '../../understanding/lexicon.ts'

/** What a text says of the place; every value is as the citizen wrote it, a known colonia as the catalogue has it. */
export interface LugarDicho {
  colonia?: string
  /** Named like several colonias: which one is meant must be asked. */
  coloniaEscrita?: string
  calle?: string
  numero?: string
  referencias?: string
}

/** A word of the text: as written, and as it is compared. */
export interface Pieza {
  bare: string
  sound: string
  from: number
  to: number
  /** Does punctuation stand before it? */
  corte: boolean
}

/** The words of places, as they sound. */
export type Palabras = Readonly<Record<keyof Lexicon['lugar'], ReadonlySet<string>>>
/** A text that is being read. */
export interface Lectura {
  texto: string
  piezas: readonly Pieza[]
  palabras: Palabras
}
/** The words of a text, with abbreviations written out. */
export function piezasDe(texto: string, short: ReadonlyMap<string, string>): Pieza[] {
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
export function sinTramo(piezas: readonly Pieza[], from: number, to: number): Pieza[] {
  return [...piezas.slice(0, from), ...piezas.slice(to).map((one, at) => (at === 0 ? { ...one, corte: true } : one))]
}
/** Articles that may stand before a name. */
export const ARTICULOS = new Set(['la', 'el', 'los', 'las'])

/** What was written from one piece to before another. */
export const escrito = ({ texto, piezas }: Lectura, from: number, to: number): string =>
  texto.slice(piezas[from]?.from ?? 0, piezas[to - 1]?.to ?? 0).replace(/\s+/g, ' ')
/** Words that join those of a name. */
export const ENLACES = new Set(['de', 'del', 'la', 'las', 'los', 'el', 'y', 'san', 'santa'])
/** A name nobody knows: as many words as belong to it. */
export function tramoLibre({ piezas, palabras }: Lectura, at: number, most: number): [number, number] | undefined {
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
