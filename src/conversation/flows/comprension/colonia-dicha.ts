import { distance } from 'fastest-levenshtein'
import { sound } from '../../sound.ts'
import type { ColoniaVista } from '../vocabulary.ts'
import { ARTICULOS, escrito, type Lectura, type LugarDicho, type Pieza, tramoLibre } from './piezas.ts'

/** The most words of a name of a colonia. */
const LARGO = 6

/** The colonia that was named, and the pieces that name it. */
export interface ColoniaLeida {
  colonia: Pick<LugarDicho, 'colonia' | 'coloniaEscrita'>
  from?: number
  to?: number
}

/** The colonia after its kind, known or not, or a known one after `en` or `de`. */
export function leerColonia(leer: Lectura, conocidas: readonly ColoniaVista[]): ColoniaLeida {
  const { piezas, palabras } = leer
  for (const [at, pieza] of piezas.entries()) {
    if (!palabras.colonias.has(pieza.sound)) continue
    const [from, to] = tramoConocido(piezas, at + 1, conocidas, true) ?? [undefined, undefined]
    if (from !== undefined && to !== undefined) return { colonia: deTramo(leer, from, to, conocidas), from: at, to }
    const libre = tramoLibre(leer, at + 1, LARGO - 2)
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
  return coloniaAlFinal(leer, conocidas)
}

/** These may follow the place. */
const CORTESIA = new Set(['por', 'favor', 'porfa', 'x', 'xfa', 'xfavor', 'gracias', 'urge', 'please', 'thanks'])
/** After these, `monte alto` is high weeds. */
const COSA = new Set(['el', 'un', 'del', 'al', 'hay', 'ay', 'mucho', 'puro', 'tanto', 'este', 'ese', 'muy', 'tiene'])

/** A colonia whose name has several words, at the very end: `baches Monte Alto`. */
function coloniaAlFinal(leer: Lectura, conocidas: readonly ColoniaVista[]): ColoniaLeida {
  const { piezas, palabras } = leer
  let to = piezas.length
  while (CORTESIA.has(piezas[to - 1]?.bare ?? '')) to--
  for (let from = Math.max(to - LARGO, 1); from <= to - 2; from++) {
    const antes = piezas[from - 1]
    if (!antes || COSA.has(antes.bare) || palabras.calles.has(antes.sound)) continue
    const tramo = tramoConocido(piezas.slice(0, to), from, conocidas, false)
    if (tramo?.[0] === from && tramo[1] === to) return { colonia: deTramo(leer, from, to, conocidas), from, to }
  }
  return { colonia: {} }
}
const ANTES = new Set(['en', 'de', 'por', 'aqui', 'vivo', 'desde', 'in', 'at', 'from', 'near'])

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
    for (let length = LARGO; length > 0; length--) {
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
