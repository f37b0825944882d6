import { sound } from '../../sound.ts'
import type { Lexicon } from '../../understanding/lexicon.ts'
import type { ColoniaVista } from '../vocabulary.ts'
import { leerCalle, leerReferencias } from './calle-dicha.ts'
import { leerColonia } from './colonia-dicha.ts'
import { type LugarDicho, type Palabras, piezasDe, sinTramo } from './piezas.ts'

/** The place, and from and to (exclusive) of the names in the text: of what these say, nothing is a problem. */
export interface LugarLeido {
  lugar: LugarDicho
  nombres: (readonly [number, number])[]
}

/** Reads the place out of a text. */
export type LeerLugar = (texto: string, colonias: readonly ColoniaVista[]) => LugarLeido
/** Text beyond this is not searched for places. */
const LEIDO = 1500

/** Prepares reading places with the words of the lexicon. */
export function prepararLugar(lexicon: Lexicon): LeerLugar {
  const short = new Map(Object.entries(lexicon.abreviaturas))
  const sounds = (list: readonly string[]) => new Set(list.map((one) => one.split(' ').map(sound).join(' ')))
  const { calles, calles_detras, colonias, referencias, fin, no_es_nombre } = lexicon.lugar
  const palabras: Palabras = {
    calles: sounds(calles),
    calles_detras: sounds(calles_detras),
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
