import type { Mensajes } from '../../mensajes.ts'
import type { Pregunta } from '../vocabulary.ts'

/** Whatever the language, the staff reads Spanish. */
export const deSiNo = (dicho: 'si' | 'no', mensajes: Mensajes): string => mensajes.in('es').text(`opciones.${dicho}`)

/** How an answer kept for the staff is shown to who gave it. */
export function respuestaDicha(
  valor: string,
  { tipo, opciones = [], etiquetas }: Pregunta,
  mensajes: Mensajes,
): string {
  if (tipo === 'opcion') return etiquetas?.[opciones.indexOf(valor)] ?? valor
  const dicho = (['si', 'no'] as const).find((one) => tipo === 'si_no' && deSiNo(one, mensajes) === valor)
  return dicho ? mensajes.text(`opciones.${dicho}`) : valor
}
