import type { Lexicon } from '../../understanding/lexicon.ts'
import { findFirst, type Pattern, patternsOf, placesOf } from '../../understanding/patterns.ts'
import type { Ranked } from '../../understanding/ranker.ts'
import type { Reader, Word } from '../../understanding/reader.ts'

/** One problem of several in a message. */
export interface Parte {
  texto: string
  asuntos: Ranked[]
}

/** How much a stretch of words must say of its subject to be a problem of its own, after a strong word and after a mere `y`. */
const BASTA = { fuerte: { score: 4.5, confidence: 0.5 }, debil: { score: 6, confidence: 0.8 } } as const
/** The first words of a stretch, in which an effect shows itself as one. */
const PRINCIPIO = 4
/** The most problems that are told apart. */
const PARTES = 4

type Clasificar = (words: readonly Word[], texto: string) => Ranked[]

interface Tramo {
  words: readonly Word[]
  fuerte: boolean
}

/** Tells several problems of a message apart; an effect of the first one is no second one. */
export function prepararPartes(
  lexicon: Lexicon,
  reader: Reader,
  clasificar: Clasificar,
): (words: readonly Word[], texto: string, asuntos: readonly Ranked[]) => Parte[] {
  const patterns = (list: readonly string[]) => patternsOf(reader, 'parte', list, 'all')
  const fuertes = patterns(lexicon.partes.fuertes)
  const efectos = patterns(lexicon.partes.consecuencias)
  const debiles = new Set(lexicon.partes.debiles.flatMap((one) => reader.read(one).map(({ sound }) => sound)))
  const esEfecto = ({ words }: Tramo) =>
    findFirst(efectos, placesOf(words.slice(0, PRINCIPIO)), { slack: 0, ordered: true }) !== undefined
  return (words, texto, asuntos) => {
    const partes: (Parte & { from: number; to: number })[] = []
    for (const tramo of tramosDe(words, fuertes, debiles)) {
      const [from, to] = [tramo.words[0]?.at[0] ?? 0, tramo.words.at(-1)?.at[1] ?? 0]
      const propios = clasificar(tramo.words, texto)
      const antes = partes.at(-1)
      const nueva = dicenBastante(propios, tramo.fuerte) && !repite(propios, partes) && !(antes && esEfecto(tramo))
      if (antes && !nueva) antes.to = to
      else if (nueva || partes.length === 0) partes.push({ texto: '', asuntos: propios, from: antes ? from : 0, to })
    }
    const claras = partes.filter(({ asuntos: propios }) => dicenBastante(propios, true))
    const juntas = asuntos.slice(0, PARTES + 2).map(({ topic }) => topic)
    const todas = claras.length > 1 && claras.every(({ asuntos: [primero] }) => juntas.includes(primero?.topic ?? ''))
    if (!todas || claras.length !== partes.length || claras.length > PARTES) return []
    return claras.map(({ asuntos: propios, from, to }) => ({ texto: texto.slice(from, to).trim(), asuntos: propios }))
  }
}

function dicenBastante([primero]: readonly Ranked[], fuerte: boolean): boolean {
  const { score, confidence } = fuerte ? BASTA.fuerte : BASTA.debil
  return primero !== undefined && primero.score >= score && primero.confidence >= confidence
}

/** Is this what a problem already told is about, or may be about? */
const repite = (propios: readonly Ranked[], partes: readonly Parte[]): boolean =>
  partes.some(({ asuntos }) => {
    const antes = asuntos.slice(0, 2).map(({ topic }) => topic)
    return antes.includes(propios[0]?.topic ?? '') || propios.slice(0, 2).some(({ topic }) => topic === antes[0])
  })

/** Stretches between the ends of sentences, words that begin another matter, and `y`. */
function tramosDe(words: readonly Word[], fuertes: readonly Pattern[], debiles: ReadonlySet<string>): Tramo[] {
  const cortes = new Map<number, boolean>()
  const places = placesOf(words)
  for (const [at, word] of words.entries()) {
    const sentence = at > 0 && word.sentence !== words[at - 1]?.sentence
    if (sentence || debiles.has(word.sound)) cortes.set(at, sentence)
  }
  for (const pattern of fuertes) {
    const found = findFirst([pattern], places, { slack: 0, ordered: true })
    if (found) cortes.set(found.from, true)
  }
  const starts = [0, ...[...cortes.keys()].filter((at) => at > 0).sort((a, b) => a - b)]
  return starts.map((from, index) => ({
    words: words.slice(from, starts[index + 1]),
    fuerte: cortes.get(from) ?? true,
  }))
}
