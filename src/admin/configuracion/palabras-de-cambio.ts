import { type Cambio, llaveDe, type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Documentos } from '../../workflow/configuracion/versiones.ts'
import type { Palabras } from '../palabras.ts'

/** A change as people read it. */
export interface Dicho {
  clave: string
  donde: string
  campo: string
  antes: string
  despues: string
  /** What stands there now, of a change that collides. */
  actual?: string
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
  return cambios.map((cambio) => {
    const { documento, ruta } = cambio
    const campo = ruta.at(-1) ?? ''
    const parte = ruta.length > 3 && ['preguntas', 'requisitos'].includes(ruta[2] ?? '')
    const entero =
      (ruta.length === 2 || (parte && ruta.length === 4)) &&
      llaveDe(ruta.at(-2) ?? '', cambio.despues ?? cambio.antes ?? null) !== undefined
    return {
      clave: JSON.stringify([documento, ...ruta]),
      donde: dondeEs(ruta, cambio, leer(documento), palabras),
      campo:
        entero || ruta.length === 1
          ? ''
          : palabras.etiqueta('configuracion_campo', ruta.slice(parte ? 4 : 2).join('-') || campo),
      antes: decirValor(cambio.antes),
      despues: decirValor(cambio.despues),
      ...('actual' in cambio && { actual: decirValor(cambio.actual) }),
    }
  })
}

function dondeEs(ruta: readonly string[], cambio: Cambio, documento: Valor, { etiqueta }: Palabras): string {
  const [lista = '', llave] = ruta
  const clase = etiqueta('configuracion_lista', lista)
  if (llave === undefined) return clase
  if (cambio.documento.startsWith('mensajes.')) return `${clase} · ${llave}`
  const entrada = valorEn(documento, [lista, llave]) ?? cambio.despues ?? cambio.antes
  const nombre = typeof entrada === 'object' && entrada !== null && 'nombre' in entrada ? entrada.nombre : llave
  const parte =
    ruta[3] === undefined ? undefined : (valorEn(documento, ruta.slice(0, 4)) ?? cambio.despues ?? cambio.antes)
  const deParte =
    ruta[3] === undefined ? '' : ` · ${etiqueta('configuracion_lista', ruta[2] ?? '')}: ${tituloDe(parte, ruta[3])}`
  const en = cambio.documento === 'catalogo.en' ? `${etiqueta('configuracion_documento', cambio.documento)} · ` : ''
  return typeof nombre === 'string' ? `${en}${clase}: ${nombre}${deParte}` : `${en}${clase}`
}

/** What a question or requisito is called. */
function tituloDe(parte: Valor | undefined, llave: string): string {
  if (typeof parte !== 'object' || parte === null || Array.isArray(parte)) return llave
  const titulo = parte.texto ?? parte.nombre
  return typeof titulo === 'string' ? titulo : llave
}

/** A value in one text; empty when there is none. */
export function decirValor(valor: Valor | undefined): string {
  if (valor === undefined || valor === null) return ''
  if (Array.isArray(valor)) return valor.map(decirValor).join(typeof valor[0] === 'object' ? '\n' : ', ')
  if (typeof valor !== 'object') return String(valor)
  return Object.entries(valor)
    .map(([clave, one]) => `${clave}: ${decirValor(one)}`)
    .join('; ')
}
