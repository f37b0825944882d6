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
const BASTA = { fuerte: { score: 9, confidence: 0.85 }, debil: { score: 12, confidence: 0.95 } } as const
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
  const esEfecto = ({ words }: Tramo) => {
    const primeras = words.slice(0, PRINCIPIO)
    const deAlguien = primeras
      .slice(0, 3)
      .some(({ classes }) => classes.includes('persona') || classes.includes('familiar'))
    return deAlguien || findFirst(efectos, placesOf(primeras), { slack: 0, ordered: true }) !== undefined
  }
  return (words, texto, asuntos) => {
    const partes: Abierta[] = []
    for (const tramo of tramosDe(words, fuertes, debiles)) {
      const propios = clasificar(tramo.words, texto)
      const antes = partes.at(-1)
      const nueva = dicenBastante(propios, tramo.fuerte) && !repite(propios, partes) && !(antes && esEfecto(tramo))
      const [from, to] = [tramo.words[0]?.at[0] ?? 0, tramo.words.at(-1)?.at[1] ?? 0]
      if (antes && !nueva) antes.to = to
      else partes.push({ asuntos: propios, from: antes ? from : 0, to })
    }
    return sonVarias(partes, asuntos)
      ? partes.map(({ asuntos: propios, from, to }) => ({ texto: texto.slice(from, to).trim(), asuntos: propios }))
      : []
  }
}

/** A problem, and where its words stand in the text. */
type Abierta = Pick<Parte, 'asuntos'> & { from: number; to: number }

/** Are these several problems, each clear by itself and heard in the whole too? */
function sonVarias(partes: readonly Abierta[], asuntos: readonly Ranked[]): boolean {
  const juntas = asuntos.slice(0, PARTES + 2).map(({ topic }) => topic)
  return (
    partes.length > 1 &&
    partes.length <= PARTES &&
    partes.every(({ asuntos: propios }) => dicenBastante(propios, true) && juntas.includes(propios[0]?.topic ?? ''))
  )
}

function dicenBastante([primero]: readonly Ranked[], fuerte: boolean): boolean {
  const { score, confidence } = fuerte ? BASTA.fuerte : BASTA.debil
  return primero !== undefined && primero.score >= score && primero.confidence >= confidence
}

/** Is this what a problem already told is about, or may be about? */
const repite = (propios: readonly Ranked[], partes: readonly Pick<Parte, 'asuntos'>[]): boolean =>
  partes.some(({ asuntos }) => {
    const antes = asuntos.slice(0, 2).map(({ topic }) => topic)
    return antes.includes(propios[0]?.topic ?? '') || propios.slice(0, 2).some(({ topic }) => topic === antes[0])
  })

/** Stretches between the ends of sentences, words that begin another matter, and `y`; without those words. */
function tramosDe(words: readonly Word[], fuertes: readonly Pattern[], debiles: ReadonlySet<string>): Tramo[] {
  const cortes = new Map<number, { fuerte: boolean; salta: number }>()
  for (const [at, word] of words.entries()) {
    const fuerte = at > 0 && word.sentence !== words[at - 1]?.sentence
    const debil = debiles.has(word.sound)
    if (fuerte || debil) cortes.set(at, { fuerte, salta: debil ? 1 : 0 })
  }
  const places = placesOf(words)
  for (const pattern of fuertes) {
    const found = findFirst([pattern], places, { slack: 0, ordered: true })
    if (found) cortes.set(found.from, { fuerte: true, salta: found.to - found.from })
  }
  const starts = [...new Set([0, ...cortes.keys()])].sort((a, b) => a - b)
  return starts.flatMap((from, index) => {
    const { fuerte, salta } = cortes.get(from) ?? { fuerte: true, salta: 0 }
    const own = words.slice(from + salta, starts[index + 1])
    return own.length === 0 ? [] : [{ words: own, fuerte }]
  })
}
