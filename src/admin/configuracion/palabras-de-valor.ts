import { type Valor, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Palabras } from '../palabras.ts'
import { type Campo, escrito, nombreDe } from './campos.ts'
import { LISTAS } from './listas.ts'

/** By its name in a form: what a field holds; of a name that several lists have, what may be chosen. */
const CAMPOS: ReadonlyMap<string, Campo> = new Map(
  Object.values(LISTAS)
    .flatMap(({ campos }) => campos)
    .toSorted((a, b) => Number(a.tipo === 'opcion') - Number(b.tipo === 'opcion'))
    .map((campo) => [nombreDe(campo), campo]),
)
/** As the forms have them; what is stored has lost its order. */
const LUGARES: ReadonlyMap<string, number> = new Map(
  [...new Set(Object.values(LISTAS).flatMap(({ campos }) => campos.map(nombreDe)))].map((nombre, at) => [nombre, at]),
)
/** Fields that hold the code of an entry, by the list of the catalogue in which that is. */
const CODIGOS: Readonly<Record<string, string>> = {
  dependencia: 'dependencias',
  depende_de: 'dependencias',
  grupo: 'grupos',
  categoria: 'categorias',
  apoyo: 'dependencias',
  orienta_a: 'dependencias',
}
/** Keys by which the files name entries, and nobody else. */
const INTERNAS: ReadonlySet<string> = new Set(['id'])

/** Says values of the configuration in one text, what they point at by its name in `catalogo`; empty when there is none. */
export function decidor(catalogo: Valor, { etiqueta }: Palabras): (nombre: string, valor: Valor | undefined) => string {
  const decir = (nombre: string, valor: Valor | undefined): string => {
    if (valor === undefined || valor === null) return ''
    if (Array.isArray(valor))
      return valor.map((one) => decir(nombre, one)).join(typeof valor[0] === 'object' ? '\n\n' : ', ')
    if (typeof valor === 'object') return deBloque(valor, nombre)
    return deSimple(nombre, valor)
  }
  const deSimple = (nombre: string, valor: string | number | boolean): string => {
    const campo = CAMPOS.get(nombre)
    if (campo?.tipo === 'si_no' || typeof valor === 'boolean')
      return etiqueta('configuracion_si_no', escrito(campo ?? SI_NO, valor))
    const lista = CODIGOS[nombre]
    const nombrado = lista && valorEn(catalogo, [lista, String(valor), 'nombre'])
    if (typeof nombrado === 'string') return nombrado
    return campo?.tipo === 'opcion' ? etiqueta('configuracion_valor', String(valor)) : String(valor)
  }
  /** A field on each line. */
  const deBloque = (bloque: { [key: string]: Valor }, dentroDe: string): string =>
    Object.entries(bloque)
      .filter(([clave]) => !INTERNAS.has(clave))
      .map(([clave, one]): [string, Valor] => [
        CAMPOS.has(`${dentroDe}-${clave}`) ? `${dentroDe}-${clave}` : clave,
        one,
      ])
      .toSorted(([a], [b]) => (LUGARES.get(a) ?? LUGARES.size) - (LUGARES.get(b) ?? LUGARES.size))
      .map(([nombre, one]) => {
        const dicho = decir(nombre, one)
        return typeof one === 'object' && one !== null && !Array.isArray(one)
          ? dicho
          : `${etiqueta('configuracion_campo', nombre).replaceAll('_', ' ')}: ${dicho}`
      })
      .join('\n')
  return decir
}

const SI_NO: Campo = { ruta: [], tipo: 'si_no' }
