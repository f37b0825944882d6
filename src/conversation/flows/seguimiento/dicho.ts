import type { Answer } from '../../answer.ts'
import type { Contexto } from '../mundo.ts'

/** The longest that is added to a petition at once, in characters. */
const LARGO = 1500

/** What was said about a petition, as the flows keep it, or why it cannot be taken. */
export type Lectura = { texto: string; archivos: string[] } | { because: string }

/** Words, or files with or without words. */
export function leerDicho({ text, files }: Answer, { mensajes }: Contexto): Lectura {
  if (text.length > LARGO) return { because: mensajes.text('general.demasiado_largo', { maximo: LARGO }) }
  if (files.length === 0 && !/[\p{L}\d]/u.test(text)) return { because: mensajes.text('seguimiento.falta_texto') }
  return { texto: text, archivos: files.map(({ id }) => id) }
}
