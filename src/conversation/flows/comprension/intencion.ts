import { INTENCIONES, type Intencion, type Lexicon } from '../../understanding/lexicon.ts'
import { findFirst, patternsOf, placesOf } from '../../understanding/patterns.ts'
import type { Ranked } from '../../understanding/ranker.ts'
import type { Reader, Word } from '../../understanding/reader.ts'

/** Words of a message that asks for something and tells no story. */
const CORTO = 12

/** A subject so sure is told of. */
const CLARO = 0.5

/** These are wanted whatever else is told. */
const ANTE_TODO = new Set<Intencion>(['persona', 'consultar', 'privacidad', 'baja'])
/** These only where nothing else is told. */
const SIN_ASUNTO = new Set<Intencion>(['ayuda', 'cancelar'])

/** Finds what somebody wants beside telling of a problem; undefined when they just tell. */
export function prepararIntencion(
  lexicon: Lexicon,
  reader: Reader,
): (words: readonly Word[], asuntos: readonly Ranked[]) => Intencion | undefined {
  const listas = INTENCIONES.map((id) => ({ id, patterns: patternsOf(reader, id, lexicon.intenciones[id], 'all') }))
  return (words, asuntos) => {
    const places = placesOf(words)
    const corto = words.length <= CORTO
    return listas.find(({ id, patterns }) => {
      if (SIN_ASUNTO.has(id) && (!corto || (asuntos[0]?.confidence ?? 0) > CLARO)) return false
      if (!corto && !ANTE_TODO.has(id) && id !== 'queja_del_servicio') return false
      return findFirst(patterns, places, { slack: 1, ordered: true }) !== undefined
    })?.id
  }
}
