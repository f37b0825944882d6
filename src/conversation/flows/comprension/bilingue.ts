import type { Locale } from '../../state.ts'
import type { Reconocer } from '../idioma/reconocer.ts'
import type { Comprension } from './comprension.ts'

/** Understands each text in the language it was surely written in, and otherwise in that of the conversation. */
export function bilingue(
  propia: Locale,
  comprensiones: Readonly<Record<Locale, () => Comprension>>,
  idiomaDe: Reconocer,
): Comprension {
  const para = (texto: string) => comprensiones[idiomaDe(texto) ?? propia]()
  return {
    comprender: (texto) => para(texto).comprender(texto),
    asuntos: (texto) => para(texto).asuntos(texto),
    peligro: (texto) => para(texto).peligro(texto),
    lugar: (texto) => para(texto).lugar(texto),
    respuesta: (texto) => para(texto).respuesta(texto),
  }
}
