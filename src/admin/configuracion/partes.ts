import { type Cambio, type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Documentos } from '../../workflow/configuracion/versiones.ts'
import type { Lista } from './listas.ts'

/** What stands for an entry that is not there yet. */
export const NUEVA = 'nueva'

/** The document in which citizens' English words of the catalogue are. */
const INGLES = 'catalogo.en'

/** Of a part of an entry (`ALUMBRADO|falla`): the entry's key and its own. */
export function partesDe(llave: string): { de: string; propia: string } {
  const [de = '', propia = NUEVA] = llave.split('|')
  return { de, propia }
}

export const esNueva = ({ de }: Lista, llave: string): boolean => (de ? partesDe(llave).propia : llave) === NUEVA

/** Where the entry stands in its document. */
export function rutaDe({ de, nombre }: Lista, llave: string): string[] {
  if (!de) return [nombre, llave]
  const partes = partesDe(llave)
  return ['categorias', partes.de, nombre, partes.propia]
}

/** The entry, with what is said of it in English under `en`. */
export function entradaDe(lista: Lista, llave: string, documentos: Documentos): Valor | undefined {
  const ruta = rutaDe(lista, llave)
  const entrada = valorEn(valorDe(documentos[lista.documento] ?? ''), ruta)
  if (!lista.de || !esBloque(entrada)) return entrada
  const en = valorEn(valorDe(documentos[INGLES] ?? ''), ruta)
  return en === undefined ? entrada : { ...entrada, en }
}

type Bloque = { [key: string]: Valor }
const esBloque = (valor: Valor | undefined): valor is Bloque =>
  typeof valor === 'object' && valor !== null && !Array.isArray(valor)

/** A key out of words: `¿Qué le pasa a la luminaria?` → `que_le_pasa_a_la_luminaria`, another one than those that are `usadas`. */
export function llaveNueva(texto: string, usadas: readonly string[]): string {
  const letras = texto
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
  const base =
    letras
      .replace(/^[^a-z]+/, '')
      .slice(0, 30)
      .replace(/_+$/, '') || 'dato'
  let llave = base
  for (let n = 2; usadas.includes(llave); n++) llave = `${base}_${n}`
  return llave
}

/**
 * What the English catalogue says of a part whose Spanish is `entrada` from now on (undefined: it is taken away): what was translated,
 * the Spanish where nothing was, so that it never speaks of another question. Nothing where the whole entry is said in Spanish only.
 */
export function cambiosEnIngles(
  lista: Lista,
  llave: string,
  entrada: Valor | undefined,
  documentos: Documentos,
): Cambio[] {
  const ingles = valorDe(documentos[INGLES] ?? '')
  const ruta = rutaDe(lista, llave)
  const suya = valorEn(ingles, ruta.slice(0, 2))
  if (!lista.de || !esBloque(suya)) return []
  const antes = valorEn(ingles, ruta)
  const despues = esBloque(entrada) ? traducida(entrada) : undefined
  if (JSON.stringify(antes) === JSON.stringify(despues)) return []
  if (suya[lista.nombre] !== undefined) return [{ documento: INGLES, ruta, antes, despues }]
  const propia = ruta.at(-1) ?? ''
  return despues === undefined
    ? []
    : [{ documento: INGLES, ruta: ruta.slice(0, 3), antes: undefined, despues: { [propia]: despues } }]
}

function traducida({ en, texto, opciones, nombre, ayuda }: Bloque): Valor {
  const dicho: Bloque = esBloque(en) ? en : {}
  if (nombre !== undefined) {
    const help = dicho.ayuda ?? ayuda
    return { nombre: dicho.nombre ?? nombre, ...(help !== undefined && { ayuda: help }) }
  }
  const mismas = Array.isArray(dicho.opciones) && Array.isArray(opciones) && dicho.opciones.length === opciones.length
  const elegibles = mismas ? dicho.opciones : opciones
  return { texto: dicho.texto ?? texto ?? '', ...(elegibles !== undefined && { opciones: elegibles }) }
}
