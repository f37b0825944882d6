import { isDeepStrictEqual } from 'node:util'
import { parse } from 'yaml'
import { z } from 'zod'

/** What a document of the configuration holds at some place. */
export type Valor = z.core.util.JSONType

/** One thing that is different: in which document, where, and what stood and stands there; absent where there is nothing. */
export interface Cambio {
  /** Name of the file in config/ without its ending, such as `mensajes.es`. */
  documento: string
  /** Keys from the outside in; an entry of a list goes by its own key (see `llaveDe`). */
  ruta: string[]
  antes?: Valor | undefined
  despues?: Valor | undefined
}

/** Changes as they are stored or come from a page. */
export const cambiosSchema: z.ZodType<Cambio[]> = z
  .array(
    z.object({
      documento: z.string().max(60),
      ruta: z.array(z.string().max(200)).min(1).max(8),
      antes: z.json().optional(),
      despues: z.json().optional(),
    }),
  )
  .max(2_000)

/** By the name of a list: what tells its entries apart. A list that is not here changes as a whole. */
const LLAVES: Readonly<Record<string, readonly string[]>> = {
  grupos: ['codigo'],
  dependencias: ['codigo'],
  categorias: ['codigo'],
  colonias: ['nombre', 'cp'],
  preguntas: ['id'],
  requisitos: ['id'],
  modulos: ['codigo'],
  programas: ['codigo'],
  medios: ['codigo'],
  dias_inhabiles: ['fecha'],
  periodos_inhabiles: ['desde'],
}

/** Stands in a change's place for the order of a list's entries; its values are their keys. */
export const ORDEN = '*'
/** Lists whose order is met by citizens one after another. That of any other list is no difference. */
const ORDENADAS: ReadonlySet<string> = new Set(['preguntas', 'requisitos'])

type Bloque = { [key: string]: Valor }

const esBloque = (valor: unknown): valor is Bloque =>
  typeof valor === 'object' && valor !== null && !Array.isArray(valor)

/** What tells this entry of the list `lista` from the others, such as `BACHEO` or `Miramar|89600`; undefined when nothing does. */
export function llaveDe(lista: string, entrada: unknown): string | undefined {
  const partes = LLAVES[lista]
  if (!partes || !esBloque(entrada) || entrada[partes[0] ?? ''] === undefined) return undefined
  return partes.map((parte) => String(entrada[parte] ?? '')).join('|')
}

/** The document as plain values; the end of a block of text is no part of it. */
export function valorDe(texto: string): Valor {
  return recortado(z.json().parse(parse(texto) ?? null))
}

function recortado(valor: Valor): Valor {
  if (typeof valor === 'string') return valor.trimEnd()
  if (Array.isArray(valor)) return valor.map(recortado)
  return esBloque(valor) ? Object.fromEntries(Object.entries(valor).map(([key, one]) => [key, recortado(one)])) : valor
}

/** What stands at `ruta`; undefined when there is nothing. */
export function valorEn(valor: Valor | undefined, ruta: readonly string[]): Valor | undefined {
  let aqui = valor
  let lista = ''
  for (const paso of ruta) {
    aqui = Array.isArray(aqui) ? deLista(lista, aqui, paso) : esBloque(aqui) ? aqui[paso] : undefined
    lista = paso
  }
  return aqui
}

const deLista = (lista: string, entradas: readonly Valor[], paso: string): Valor | undefined =>
  paso === ORDEN ? llavesDe(lista, entradas) : entradas.find((one) => llaveDe(lista, one) === paso)

const llavesDe = (lista: string, entradas: readonly Valor[]): string[] =>
  entradas.map((one) => llaveDe(lista, one) ?? '')

/** Everything in which two versions of a document differ, in the order of the newer one. */
export function diferencias(documento: string, antes: Valor | undefined, despues: Valor | undefined): Cambio[] {
  return difieren(documento, [], antes, despues)
}

function difieren(documento: string, ruta: string[], antes: Valor | undefined, despues: Valor | undefined): Cambio[] {
  const viejo = partesDe(ruta.at(-1) ?? '', antes)
  const nuevo = partesDe(ruta.at(-1) ?? '', despues)
  if (!viejo || !nuevo) return isDeepStrictEqual(antes, despues) ? [] : [{ documento, ruta, antes, despues }]
  const claves = [...new Set([...nuevo.keys(), ...viejo.keys()])]
  return [
    ...claves.flatMap((clave) => difieren(documento, [...ruta, clave], viejo.get(clave), nuevo.get(clave))),
    ...(Array.isArray(despues) ? reordenadas(documento, ruta, [...viejo.keys()], [...nuevo.keys()]) : []),
  ]
}

/** Another order than what stays, and then what is new, would be in. */
function reordenadas(documento: string, ruta: string[], antes: string[], despues: string[]): Cambio[] {
  if (!ORDENADAS.has(ruta.at(-1) ?? '')) return []
  const llano = [...antes.filter((one) => despues.includes(one)), ...despues.filter((one) => !antes.includes(one))]
  return isDeepStrictEqual(llano, despues) ? [] : [{ documento, ruta: [...ruta, ORDEN], antes, despues }]
}

/** The parts that change one by one: keys of a block, entries of a list with keys of their own. */
function partesDe(nombre: string, valor: Valor | undefined): Map<string, Valor> | undefined {
  if (esBloque(valor)) return new Map(Object.entries(valor))
  if (!Array.isArray(valor) || !(nombre in LLAVES)) return undefined
  const entradas = valor.map((one): [string | undefined, Valor] => [llaveDe(nombre, one), one])
  const porLlave = new Map(
    entradas.flatMap(([llave, one]): [string, Valor][] => (llave === undefined ? [] : [[llave, one]])),
  )
  return porLlave.size === valor.length ? porLlave : undefined
}

/** Do two changes speak of the same place, or of one within the other? */
export function seTocan(a: Cambio, b: Cambio): boolean {
  const [corta, larga] = a.ruta.length <= b.ruta.length ? [a.ruta, b.ruta] : [b.ruta, a.ruta]
  return a.documento === b.documento && corta.every((paso, at) => larga[at] === paso)
}
