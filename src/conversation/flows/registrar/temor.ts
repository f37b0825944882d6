import { saysOnly } from '../../words.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { campos, categoriaDe } from './campos.ts'

/** Steps where a story is told: who tells one and fears says both at once. */
const CUENTAN: ReadonlySet<string> = new Set(['asunto', 'descripcion', 'categoria', 'tema', 'categoria_de_tema'])

/**
 * What somebody hears who says in the middle of it that they fear to be known: the petition goes on without who they are where its
 * subject permits it. Undefined for other words, and for a story.
 */
export function atenderTemor(text: string, contexto: Contexto, { id }: Paso): Movida | undefined {
  const { anonima, asuntos, peligro } = contexto.comprension().comprender(text)
  if (!anonima || peligro || (CUENTAN.has(id) && asuntos.length > 0)) return undefined
  // What it means was just told.
  if (id === 'anonima') return { to: 'next', set: { anonima: true } }
  const recienDicho = CUENTAN.has(id) && campos(contexto).anonima === true
  return recienDicho ? { to: 'next' } : { to: 'next', ...sinQueSeSepa(contexto) }
}

/** The wish noted, and what it means told. */
export function sinQueSeSepa(contexto: Contexto): Pick<Movida, 'set' | 'say'> {
  const { mensajes } = contexto
  const categoria = categoriaDe(contexto)
  if (!categoria) return { set: { quiereAnonima: true }, say: [mensajes.text('registrar.anonima_despues')] }
  if (campos(contexto).anonima === true) return { say: [mensajes.text('registrar.anonima_ya')] }
  return categoria.anonima
    ? { set: { anonima: true, quiereAnonima: true }, say: [mensajes.text('registrar.anonima_tomada')] }
    : { say: [mensajes.text('registrar.anonima_no')] }
}

/** Does somebody whose petition goes without their data say that it is to have them? `Con mis datos` asks for no data, then. */
export function pideConDatos(text: string, contexto: Contexto): boolean {
  const { mensajes, state } = contexto
  const { anonima, quiereAnonima } = campos(contexto)
  if (state.flow !== 'registrar' || (anonima ?? quiereAnonima) !== true) return false
  return saysOnly(text, mensajes.words('con_datos'), mensajes.words('relleno'))
}

/** `Con mis datos`, of somebody whose petition goes without them. */
export function volverAConDatos(text: string, contexto: Contexto, { id }: Paso): Movida | undefined {
  const { mensajes } = contexto
  if (id === 'anonima' || !pideConDatos(text, contexto)) return undefined
  const elegida = categoriaDe(contexto) === undefined ? undefined : false
  return {
    to: 'next',
    set: { anonima: elegida, quiereAnonima: undefined },
    say: [mensajes.text('registrar.anonima_ya_no')],
  }
}
