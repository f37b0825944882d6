import type { FastifyRequest } from 'fastify'
import { StartupProblem } from '../../runtime/problem.ts'
import { type Borrador, leerBorrador } from '../../workflow/configuracion/borrador.ts'
import { type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import type { Configuracion } from '../../workflow/configuracion/publicar.ts'
import type { Documentos } from '../../workflow/configuracion/versiones.ts'
import type { Panel } from '../deps.ts'
import { usuarioDe } from '../guard.ts'
import type { Opciones } from './campos.ts'

/** Who asks, with their draft. */
export const miBorrador = ({ database }: Panel, request: FastifyRequest): Promise<Borrador> =>
  leerBorrador(database.fork(), usuarioDe(request).id)

/** What is wrong with documents, in the words of the files' own check; undefined when they are valid. */
export async function revisar(
  { configuracion }: Panel,
  documentos: Documentos,
): Promise<{ leida: Configuracion } | { problema: string }> {
  try {
    return { leida: await configuracion.leer(documentos) }
  } catch (error) {
    if (!(error instanceof StartupProblem)) throw error
    return { problema: error.message }
  }
}

/** Entries of a list; empty when the document has none. */
export function entradasDe(documento: Valor, lista: string): { [key: string]: Valor }[] {
  const entradas = valorEn(documento, [lista])
  if (!Array.isArray(entradas)) return []
  return entradas.flatMap((one) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? [one] : []))
}

/** What the fields of entries may choose from, in these documents. */
export function opcionesDe(documentos: Documentos): Opciones {
  const catalogo = valorDe(documentos.catalogo ?? '')
  const todas = entradasDe(catalogo, 'dependencias').map((one) => ({
    valor: String(one.codigo),
    texto: String(one.nombre),
    externa: one.tipo === 'externo',
    recibe: one.recibe_peticiones !== 'no' && one.recibe_peticiones !== false,
  }))
  return {
    dependencias: todas,
    reciben: todas.filter((one) => one.recibe),
    externas: todas.filter((one) => one.externa),
    grupos: entradasDe(catalogo, 'grupos').map((one) => ({ valor: String(one.codigo), texto: String(one.nombre) })),
  }
}
