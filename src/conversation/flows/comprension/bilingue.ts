import type { Locale } from '../../state.ts'
import type { Reconocer } from '../idioma/reconocer.ts'
import type { Comprension } from './comprension.ts'
import type { Peligro } from './peligro.ts'

/**
 * Understands each text in the language it was surely written in, and otherwise in that of the conversation. Danger in a text that
 * may be either (`gas leak`, `auxilio`) is looked for in both.
 */
export function bilingue(
  propia: Locale,
  comprensiones: Readonly<Record<Locale, () => Comprension>>,
  idiomaDe: Reconocer,
): Comprension {
  const para = (texto: string) => comprensiones[idiomaDe(texto) ?? propia]()
  const peligro = (texto: string): Peligro | undefined => {
    const sure = idiomaDe(texto)
    const order = sure ? [sure] : propia === 'es' ? (['es', 'en'] as const) : (['en', 'es'] as const)
    for (const locale of order) {
      const found = comprensiones[locale]().peligro(texto)
      if (found) return { ...found, locale }
    }
    return undefined
  }
  return {
    comprender: (texto) => {
      const { peligro: propio, ...comprendido } = para(texto).comprender(texto)
      const found = propio ?? peligro(texto)
      return { ...comprendido, ...(found && { peligro: found }) }
    },
    asuntos: (texto) => para(texto).asuntos(texto),
    parecidos: (texto) => para(texto).parecidos(texto),
    peligro,
    lugar: (texto) => para(texto).lugar(texto),
    respuesta: (texto) => para(texto).respuesta(texto),
  }
}
