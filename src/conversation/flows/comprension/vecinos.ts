import type { Lexicon } from '../../understanding/lexicon.ts'
import type { Ranked } from '../../understanding/ranker.ts'
import type { Reader, Word } from '../../understanding/reader.ts'

/** How sure it is that a town named after `en` or `soy de` is where it happens. */
const SEGURO = 0.7

const ANTES = new Set(['en', 'de', 'soi', 'municipio', 'asia', 'in', 'from', 'at'])
/** Before these, `de Tampico` is no place: a street, a road, a school. */
const NOMBRES = new Set(['kaye', 'abenida', 'karetera', 'eskuela', 'libramiento', 'kolonia', 'frasionamiento'])

/** Puts the neighbouring town's own topic first when the words tell that it is there: `vivo en Tampico`, not `Nuevo Madero`. */
export function prepararVecinos(
  { vecinos }: Lexicon,
  reader: Reader,
): (words: readonly Word[], asuntos: Ranked[]) => Ranked[] {
  const nombres = vecinos.nombres.map((nombre) => reader.read(nombre).map(({ sound }) => sound))
  return (words, asuntos) => {
    const at = words.findIndex((_, from) => nombres.some((nombre) => dice(words, from, nombre)))
    const word = words[at]
    if (!word) return asuntos
    const otros = asuntos.filter(({ topic }) => topic !== vecinos.asunto)
    const score = (asuntos[0]?.score ?? 0) + 1
    const rest = otros.map((one) => ({ ...one, confidence: one.confidence * (1 - SEGURO) }))
    return [{ topic: vecinos.asunto, score, confidence: SEGURO, because: [word.sound] }, ...rest]
  }
}

function dice(words: readonly Word[], from: number, nombre: readonly string[]): boolean {
  if (!nombre.every((sound, index) => words[from + index]?.sound === sound)) return false
  const before = words[from - 1]?.sound ?? ''
  const after = words[from + nombre.length]?.sound ?? ''
  const earlier = words[from - 2]?.sound ?? ''
  return ANTES.has(before) && !NOMBRES.has(earlier) && after !== 'altamira' && !/^\d/.test(after)
}
