import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { type Cambio, llaveDe, ORDEN, type Valor } from './cambios.ts'

/** A change names a place that the document does not have. */
export class SinLugar extends Error {
  override name = 'SinLugar'
}

/**
 * The document's text with these changes made; its comments stay.
 * @throws {SinLugar} when the block or list a change belongs to is not there.
 */
export function aplicar(texto: string, cambios: readonly Cambio[]): string {
  const document = parseDocument(texto)
  for (const cambio of cambios) poner(document, cambio)
  return document.toString({ lineWidth: 0 })
}

function poner(document: Document.Parsed, { documento, ruta, despues }: Cambio): void {
  let aqui: unknown = document.contents
  let lista = ''
  for (const paso of ruta.slice(0, -1)) {
    aqui = dentroDe(aqui, lista, paso)
    lista = paso
  }
  const ultimo = ruta.at(-1) ?? ''
  if (isMap(aqui)) ponerEnBloque(document, aqui, ultimo, despues)
  else if (isSeq(aqui)) ponerEnLista(document, aqui, lista, ultimo, despues)
  else throw new SinLugar(`config/${documento}.yaml has no ${ruta.slice(0, -1).join('.')}`)
}

function dentroDe(node: unknown, lista: string, paso: string): unknown {
  if (isMap(node)) return node.get(paso, true)
  return isSeq(node) ? node.items[posicion(node, lista, paso)] : undefined
}

const posicion = (list: YAMLSeq, lista: string, llave: string): number =>
  list.items.findIndex((item) => isMap(item) && llaveDe(lista, item.toJSON()) === llave)

function ponerEnBloque(document: Document, block: YAMLMap, clave: string, valor: Valor | undefined): void {
  if (valor === undefined) block.delete(clave)
  else {
    const actual = block.get(clave, true)
    if (isScalar(actual) && (valor === null || typeof valor !== 'object')) escribir(actual, valor)
    else block.set(clave, nuevoNodo(document, valor))
  }
}

function ponerEnLista(document: Document, list: YAMLSeq, lista: string, llave: string, valor: Valor | undefined): void {
  if (llave === ORDEN) {
    ordenar(list, lista, valor)
    return
  }
  const at = posicion(list, lista, llave)
  if (valor === undefined) {
    if (at >= 0) list.items.splice(at, 1)
    return
  }
  if (list.items.length === 0) list.flow = false
  if (at >= 0) list.items[at] = nuevoNodo(document, valor)
  else list.items.push(nuevoNodo(document, valor))
}

/** Entries whose key is not named stay behind the others. */
function ordenar(list: YAMLSeq, lista: string, llaves: Valor | undefined): void {
  if (!Array.isArray(llaves)) return
  const lugar = (item: unknown): number => {
    const at = isMap(item) ? llaves.indexOf(llaveDe(lista, item.toJSON()) ?? '') : -1
    return at < 0 ? llaves.length : at
  }
  list.items.sort((a, b) => lugar(a) - lugar(b))
}

/** As the files are written: several lines as a block, lists of plain things on one line. */
function escribir(node: Scalar, valor: string | number | boolean | null): void {
  const lineas = typeof valor === 'string' && valor.includes('\n')
  node.value = lineas ? `${valor}\n` : valor
  if (lineas) node.type = Scalar.BLOCK_LITERAL
  else if (typeof valor === 'string' && node.type?.startsWith('BLOCK')) node.type = Scalar.QUOTE_DOUBLE
}

function nuevoNodo(document: Document, valor: Valor): Node {
  const node = document.createNode(valor)
  if (isSeq(node) && node.items.every((item) => isScalar(item))) node.flow = true
  if (isScalar(node) && typeof valor === 'string') escribir(node, valor)
  return node
}
