import { leerNumero, numeroDicho } from './numeros.ts'
import { ARTICULOS, ENLACES, escrito, type Lectura, type LugarDicho, type Pieza, tramoLibre } from './piezas.ts'

/** The most words of a street, and of the way to a place. */
const LARGO = { calle: 5, referencia: 10 } as const

/** The street and its number. */
export function leerCalle(leer: Lectura): Pick<LugarDicho, 'calle' | 'numero'> {
  const { piezas, palabras } = leer
  for (const [at, pieza] of piezas.entries()) {
    if (!palabras.calles.has(pieza.sound) || piezas[at - 1]?.bare === 'esquina') continue
    const tramo = tramoDeCalle(leer, at + 1)
    if (!tramo || entreAntes(leer, at)) continue
    const numero = numeroTras(leer, tramo[1])
    const calle = escrito(leer, at, tramo[1])
    return { calle, ...(numero && { numero }) }
  }
  const detras = calleDeNombreDelante(leer)
  return detras.calle === undefined ? calleSinNombrarla(leer) : detras
}

/** What a street is not when one of these follows the word: a street light. */
const CALLE_DE_OTRA_COSA = /^(?:lights?|lamps?|lighting|signs?|dogs?|cats?|vendors?|food|music|party|corner)$/

/** `on Hidalgo street 12`, `12 Hidalgo street`: English names the kind behind the name. */
function calleDeNombreDelante(leer: Lectura): Pick<LugarDicho, 'calle' | 'numero'> {
  const { piezas, palabras } = leer
  for (const [at, pieza] of piezas.entries()) {
    if (!palabras.calles_detras.has(pieza.sound) || CALLE_DE_OTRA_COSA.test(piezas[at + 1]?.bare ?? '')) continue
    const from = principioDeNombre(leer, at)
    if (from === at) continue
    const antes = piezas[from - 1]
    const numero = numeroTras(leer, at + 1) ?? (antes && NUMERO.test(antes.bare) ? antes.bare.toUpperCase() : undefined)
    return { calle: escrito(leer, from, at + 1), ...(numero && { numero }) }
  }
  return {}
}

/** Where a name begins that ends before `at`: at most four words back, none of which is no name. */
function principioDeNombre({ piezas, palabras }: Lectura, at: number): number {
  let from = at
  while (from > Math.max(0, at - 4)) {
    const [antes, pieza] = [piezas[from - 1], piezas[from]]
    const nombra = antes && !pieza?.corte && !palabras.fin.has(antes.sound) && !palabras.no_es_nombre.has(antes.sound)
    if (!nombra || NUMERO.test(antes.bare)) break
    from -= 1
  }
  return from
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
  const tramo = tramoLibre(leer, trasEnlaces(leer, at), LARGO.calle)
  if (!tramo) return undefined
  tramo[0] = at
  const digits = piezas
    .slice(...tramo)
    .findIndex(
      ({ bare }, index) => index > 0 && (NUMERO.test(bare) || numeroEnPalabras(leer, at + index) !== undefined),
    )
  return digits > 0 && !esFecha(piezas, at + digits) ? [at, at + digits] : tramo
}

/** `avenida de la Industria`: the name goes on after its first words; a `calle de abajo` has none. */
function trasEnlaces({ piezas }: Lectura, at: number): number {
  if (piezas[at]?.bare !== 'de' || piezas[at - 1]?.bare === 'calle') return at
  return ARTICULOS.has(piezas[at + 1]?.bare ?? '') ? at + 2 : at + 1
}

/** The greatest number of a house. */
const MAYOR = 9999

/** `nogal cuarenta y cinco de la colonia…`: a number in words after which the street ends, or that there is none; not the `tres` of `Los Tres Reyes`. */
function numeroEnPalabras({ piezas, palabras }: Lectura, at: number): string | undefined {
  const words = piezas.slice(at, at + 9)
  const corte = words.findIndex(({ corte }, index) => index > 0 && corte)
  const bares = words.slice(0, corte === -1 ? undefined : corte).map(({ bare }) => bare)
  if (/^(?:s n|sin numero)\b/.test(bares.join(' '))) return 'S/N'
  const dicho = numeroDicho(bares)
  if (!dicho || dicho.numero > MAYOR) return undefined
  const detras = piezas[at + dicho.palabras]
  const deMes = detras?.bare === 'de' && MES.test(piezas[at + dicho.palabras + 1]?.bare ?? '')
  const acaba = !detras || detras.corte || detras.bare === 'de' || palabras.fin.has(detras.sound)
  if (!acaba || deMes) return undefined
  return UNIDADES.test(detras?.bare ?? '') ? undefined : String(dicho.numero)
}

const UNIDADES =
  /^(?:days?|weeks?|months?|years?|hours?|houses?|meters?|dias?|semanas?|mes(?:es)?|anos?|horas?|veces|metros?|casas?|pesos|personas?|lamparas?|focos|baches|cuadras?|am|pm)$/

function numeroTras({ piezas, texto, palabras }: Lectura, at: number): string | undefined {
  const anunciado = /^(?:numero|num|no)$/.test(piezas[at]?.bare ?? '') || texto[(piezas[at]?.from ?? 0) - 1] === '#'
  const from = /^(?:numero|num|no)$/.test(piezas[at]?.bare ?? '') ? at + 1 : at
  const pieza = piezas[from]
  if (!pieza) return undefined
  if (NUMERO.test(pieza.bare) && (anunciado || !UNIDADES.test(piezas[from + 1]?.bare ?? '')))
    return pieza.bare.toUpperCase()
  if (!anunciado) return numeroEnPalabras({ texto, piezas, palabras }, at)
  const dicho = leerNumero(piezas.slice(from, from + 6).map(({ bare }) => bare))
  return dicho === undefined ? undefined : String(dicho)
}

/** `en Hidalgo 305`, `vivo en la Hidalgo número 12`. */
function calleSinNombrarla(leer: Lectura): Pick<LugarDicho, 'calle' | 'numero'> {
  const { piezas, palabras } = leer
  for (const [at, pieza] of piezas.entries()) {
    if (!/^(?:en|sobre|on|at)$/.test(pieza.bare)) continue
    const from = ARTICULOS.has(piezas[at + 1]?.bare ?? '') ? at + 2 : at + 1
    const tramo = tramoLibre(leer, from, 4)
    if (!tramo) continue
    const digits = piezas
      .slice(...tramo)
      .findIndex(
        ({ bare }, index) => index > 0 && (NUMERO.test(bare) || numeroEnPalabras(leer, from + index) !== undefined),
      )
    const to = digits > 0 ? from + digits : tramo[1]
    const numero = numeroTras(leer, to)
    if (numero && !palabras.no_es_nombre.has(piezas[from]?.sound ?? ''))
      return { calle: escrito(leer, from, to), numero }
  }
  return {}
}

/** `entre Juárez y Morelos`, `a un lado de la tienda`; not `enfrente de mi casa`, which nobody finds. */
export function leerReferencias(leer: Lectura): Pick<LugarDicho, 'referencias'> {
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
