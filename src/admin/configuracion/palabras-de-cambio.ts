import { isDeepStrictEqual } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import { type Borrador, claveDe } from '../../workflow/configuracion/borrador.ts'
import { type Cambio, llaveDe, ORDEN, type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Documentos, Publicacion } from '../../workflow/configuracion/versiones.ts'
import type { Panel } from '../deps.ts'
import type { Palabras } from '../palabras.ts'
import { decidor } from './palabras-de-valor.ts'
import { quienCambio } from './quien-cambio.ts'

/** A change as people read it. */
export interface Dicho {
  clave: string
  donde: string
  campo: string
  antes: string
  despues: string
  /** What stands there now, of a change that collides. */
  actual?: string
  /** The publication that left it so. */
  quien?: Publicacion | undefined
  /** The publication that it takes back. */
  regresa?: Publicacion | undefined
}

/** The changes of a draft that collide, each with who changed the same meanwhile. */
export async function decirChoques(
  { database, pages }: Panel,
  { choques, vigente }: Pick<Borrador, 'choques' | 'vigente'>,
): Promise<Dicho[]> {
  const quienes = await quienCambio(database.fork(), choques)
  return decirCambios(choques, vigente.documentos, pages.palabras).map((one, at) => ({
    ...one,
    quien: quienes[at]?.publicacion,
  }))
}

/**
 * By its place: the publication that a change would take back, as the file that was uploaded is older than it.
 * A file says nothing of when it was downloaded, so it is known by what it says.
 */
export async function loQueRegresa(
  em: EntityManager,
  cambios: readonly Cambio[],
): Promise<ReadonlyMap<string, Publicacion>> {
  const quienes = await quienCambio(em, cambios)
  return new Map(
    cambios.flatMap((cambio, at): [string, Publicacion][] => {
      const quien = quienes[at]
      return quien && isDeepStrictEqual(quien.antes, cambio.despues) ? [[claveDe(cambio), quien.publicacion]] : []
    }),
  )
}

/** Puts changes in words: what it is about by its name in `documentos`, the field by its label, both values. */
export function decirCambios(
  cambios: readonly (Cambio & { actual?: Valor | undefined })[],
  documentos: Documentos,
  palabras: Palabras,
): Dicho[] {
  const leidos = new Map<string, Valor>()
  const leer = (documento: string) => {
    const valor = leidos.get(documento) ?? valorDe(documentos[documento] ?? '')
    leidos.set(documento, valor)
    return valor
  }
  const decirValor = decidor(leer('catalogo'), palabras)
  return cambios.map((cambio) => {
    const { documento, ruta } = cambio
    const lista = valorEn(leer(documento), ruta.slice(0, -1))
    const decir = (valor: Valor | undefined) =>
      ruta.at(-1) === ORDEN ? enOrden(valor, lista) : decirValor(ruta.at(-1) ?? '', valor)
    return {
      clave: JSON.stringify([documento, ...ruta]),
      donde: dondeEs(ruta, cambio, leer(documento), palabras),
      campo: campoDe(cambio, palabras),
      antes: decir(cambio.antes),
      despues: decir(cambio.despues),
      ...('actual' in cambio && { actual: decir(cambio.actual) }),
    }
  })
}

/** Nothing where the change is of the whole entry, or of a text, which `dondeEs` names. */
function campoDe({ ruta, antes, despues }: Cambio, { t, etiqueta }: Palabras): string {
  if (ruta.length <= 2) return ''
  const parte = ruta.length > 3 && PARTES.includes(ruta[2] ?? '')
  if (parte && ruta[3] === ORDEN) return t(`configuracion_orden.${ruta[2]}`)
  if (parte && ruta.length === 4 && llaveDe(ruta[2] ?? '', despues ?? antes ?? null) !== undefined) return ''
  return etiqueta('configuracion_campo', ruta.slice(parte ? 4 : 2).join('-') || (ruta.at(-1) ?? ''))
}

const PARTES = ['preguntas', 'requisitos']

/** Entries by what they are called, one on each line with its place. */
const enOrden = (llaves: Valor | undefined, lista: Valor | undefined): string =>
  (Array.isArray(llaves) ? llaves : [])
    .map((llave, at) => {
      const entrada = Array.isArray(lista) ? lista.find((one) => valorEn(one, ['id']) === llave) : undefined
      return `${at + 1}. ${tituloDe(entrada, String(llave))}`
    })
    .join('\n')

function dondeEs(ruta: readonly string[], cambio: Cambio, documento: Valor, { etiqueta }: Palabras): string {
  const [lista = '', llave] = ruta
  const clase = etiqueta('configuracion_lista', lista)
  if (llave === undefined) return clase
  if (cambio.documento.startsWith('mensajes.'))
    return [etiqueta('configuracion_documento', cambio.documento), ...ruta.map((one) => one.replaceAll('_', ' '))].join(
      ' · ',
    )
  const entrada = valorEn(documento, [lista, llave]) ?? cambio.despues ?? cambio.antes
  const nombre = typeof entrada === 'object' && entrada !== null && 'nombre' in entrada ? entrada.nombre : llave
  const parte =
    ruta[3] === undefined ? undefined : (valorEn(documento, ruta.slice(0, 4)) ?? cambio.despues ?? cambio.antes)
  const deParte =
    ruta[3] === undefined || ruta[3] === ORDEN
      ? ''
      : ` · ${etiqueta('configuracion_lista', ruta[2] ?? '')}: ${tituloDe(parte, ruta[3])}`
  const en = cambio.documento === 'catalogo.en' ? `${etiqueta('configuracion_documento', cambio.documento)} · ` : ''
  return typeof nombre === 'string' ? `${en}${clase}: ${nombre}${deParte}` : `${en}${clase}`
}

/** What a question or requisito is called. */
function tituloDe(parte: Valor | undefined, llave: string): string {
  if (typeof parte !== 'object' || parte === null || Array.isArray(parte)) return llave
  const titulo = parte.texto ?? parte.nombre
  return typeof titulo === 'string' ? titulo : llave
}
