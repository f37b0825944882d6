import { normalise } from '../../words.ts'
import type { Contexto, Movida } from '../mundo.ts'
import { categoriaDe } from './campos.ts'

/** `¿Y cuánto tardan?`, asked in the middle of it: answered, and the question that stands is asked again. Undefined for what is no question. */
export function contestarDuda(text: string, contexto: Contexto): Movida | undefined {
  const { mensajes } = contexto
  const respuesta = /[?¿]/.test(text) ? contexto.comprension().respuesta(text) : undefined
  if (respuesta !== undefined) return { to: 'next', say: [respuesta] }
  const words = ` ${normalise(text)} `
  const cuando = mensajes.words('cuando').some((one) => words.includes(` ${normalise(one)} `))
  const categoria = cuando ? categoriaDe(contexto) : undefined
  if (!categoria || categoria.orientacion !== undefined) return undefined
  const { nombre: asunto, dependencia, plazoDias: dias } = categoria
  return { to: 'next', say: [mensajes.text('informacion.asunto', { asunto, dependencia, dias })] }
}
