import type { Valor } from '../../workflow/configuracion/cambios.ts'
import type { Errores, Escrito } from '../form.ts'

/** One field of an entry of the configuration: where it stands in the entry, and how it is written in a form. */
export interface Campo {
  /** Keys within the entry; the name of the field in the form is these with `-`, and its label `configuracion_campo.<name>`. */
  ruta: string[]
  tipo: 'linea' | 'parrafo' | 'numero' | 'si_no' | 'opcion' | 'lista' | 'fecha'
  /** Of `opcion`: what may be chosen. */
  opciones?: (listas: Opciones) => Opcion[]
  requerido?: true
  maximo?: number
  /** Of `si_no`: what it is when the entry does not say. */
  omision?: 'si'
  /** Only when the entry is new. */
  soloNueva?: true
}

/** What may be chosen: the value that is kept, and how it reads. */
export interface Opcion {
  valor: string
  texto: string
}

/** What the fields of a form may choose from. */
export type Opciones = Readonly<Record<'dependencias' | 'reciben' | 'externas' | 'grupos', Opcion[]>>

/** The field's name in the form. */
export const nombreDe = (campo: Campo): string => campo.ruta.join('-')

/** What is written in the field for this value. */
export function escrito(campo: Campo, valor: Valor | undefined): string {
  if (campo.tipo === 'si_no') return [true, 'si', 'sí'].some((one) => one === (valor ?? campo.omision)) ? 'si' : 'no'
  if (Array.isArray(valor)) return valor.join('\n')
  return valor === undefined || valor === null ? '' : String(valor)
}

/** The value that a field says; undefined when it was left empty. @returns the code of what is wrong with it, as a second. */
export function leido(campo: Campo, enviado: Escrito): { valor?: Valor; error?: string } {
  const texto = [enviado[nombreDe(campo)] ?? ''].flat()[0]?.replaceAll('\r\n', '\n').trim() ?? ''
  if (campo.tipo === 'si_no') return { valor: texto === 'si' ? 'si' : 'no' }
  if (texto === '') return campo.requerido ? { error: 'falta' } : {}
  if (campo.tipo === 'numero') return numero(texto, campo.maximo ?? 365)
  if (campo.tipo === 'lista') return { valor: texto.split('\n').flatMap((one) => one.trim() || []) }
  if (campo.tipo === 'fecha' && !/^\d{4}-\d{2}-\d{2}$/.test(texto)) return { error: 'fecha' }
  return texto.length > (campo.maximo ?? 300) ? { error: 'largo' } : { valor: texto }
}

function numero(texto: string, maximo: number): { valor?: Valor; error?: string } {
  const valor = Number(texto)
  return Number.isFinite(valor) && valor <= maximo ? { valor } : { error: 'numero' }
}

/** A sent form, field by field. */
export function leerFicha(
  campos: readonly Campo[],
  enviado: Escrito,
): { valores: [Campo, Valor | undefined][]; errores: Errores } {
  const errores: Errores = {}
  const valores = campos.map((campo): [Campo, Valor | undefined] => {
    const { valor, error } = leido(campo, enviado)
    if (error) errores[nombreDe(campo)] = error
    return [campo, valor]
  })
  return { valores, errores }
}
