import type { Contexto } from '../mundo.ts'

/** One of those offered is meant when the words tell of it so much more than of any other of them. */
const MAS = 2

/** Which of the subjects offered the words name: `lo de la basura`; undefined when none of them is told of, or two alike. */
export function nombradaEntre<T extends { id: string }>(
  ofrecidas: readonly T[],
  text: string,
  contexto: Contexto,
): T | undefined {
  const ranked = contexto.comprension().asuntos(text)
  const dichas = ranked.filter(({ topic }) => ofrecidas.some(({ id }) => id === topic))
  const [primera, segunda] = dichas
  if (!primera || primera.topic !== ranked[0]?.topic) return undefined
  if (segunda && primera.confidence < segunda.confidence * MAS) return undefined
  return ofrecidas.find(({ id }) => id === primera.topic)
}
