import type { Locale } from '../../state.ts'
import { DANGER, type Lexicon } from '../../understanding/lexicon.ts'
import type { Likeness } from '../../understanding/likeness.ts'
import { findAll, type Match, type Pattern, type Places, patternsOf, placesOf } from '../../understanding/patterns.ts'
import type { Reader, Word } from '../../understanding/reader.ts'

/** Danger that was told of: which, and by which phrase of the lists, or `parecido` when only the whole is like danger. */
export interface Peligro {
  id: string
  frase: string
  /** The language it was told in, where two are listened to. */
  locale?: Locale
}

/** Finds danger now in words already read; undefined when there is none. */
export type DetectarPeligro = (words: readonly Word[]) => Peligro | undefined

/** The town's own phrases, beside those of the lexicon. */
export interface Frases {
  frases: readonly string[]
  no_emergencia_si: readonly string[]
}

/** Foreign words among those of a danger, and of what tells when it is. */
const SLACK = { peligro: 5, tiempo: 1 } as const
/** How many words away from it something still speaks of the danger. */
const CERCA = { salvo: 7, antes: 7, despues: 2, tiempo: 9 } as const

type Tipo = Lexicon['peligros'][number]['tipo']

interface Clase {
  tipo: Tipo
  frases: readonly Pattern[]
  salvo: readonly Pattern[]
}

type Tiempos = Readonly<Record<keyof Lexicon['tiempo'], readonly Pattern[]>>

/** Prepares the lists of danger beside what danger is like; `reader` must know their words. */
export function prepararPeligro(
  lexicon: Lexicon,
  propias: Frases,
  parecido: Likeness,
  reader: Reader,
): DetectarPeligro {
  const { umbral, lejano } = lexicon.parecido
  const patterns = (id: string, frases: readonly string[]) => patternsOf(reader, id, frases, 'all')
  const clases = lexicon.peligros.map(
    ({ id, tipo, frases, salvo }): Clase => ({ tipo, frases: patterns(id, frases), salvo: patterns(id, salvo) }),
  )
  const siempre: Clase = { tipo: 'siempre', frases: patterns('catalogo', propias.frases), salvo: [] }
  const nunca = patterns('nunca', propias.no_emergencia_si)
  const { prevision, pasado, habitual, ahora } = lexicon.tiempo
  const tiempos: Tiempos = {
    prevision: patterns('prevision', prevision),
    pasado: patterns('pasado', pasado),
    habitual: patterns('habitual', habitual),
    ahora: patterns('ahora', ahora),
  }
  const negado = patterns('negado', lexicon.negacion.peligro)
  const gritos = new Set(lexicon.gritos.flatMap((one) => reader.keys(one, 'all').map(({ key }) => key)))
  return (words) => {
    const places = placesOf(words)
    if (hay(nunca, places)) return undefined
    const textos: Texto = { words, places, negados: finales(negado, places) }
    const cercano = parecido(words)
    for (const clase of [siempre, ...clases]) {
      const hallado = deClase(clase, textos, tiempos)
      if (hallado && cercano > lejano) return { id: hallado.pattern.owner, frase: hallado.pattern.phrase }
    }
    const grito = words.find(({ key }) => gritos.has(key))
    if (grito && words.every(({ key, filler }) => filler || gritos.has(key))) return { id: 'grito', frase: grito.key }
    if (words.length < HISTORIA || cercano < umbral) return undefined
    return { id: 'parecido', frase: DANGER.now }
  }
}

/** Fewer words than these are an answer, and too few to be like anything. */
const HISTORIA = 5

interface Texto {
  words: readonly Word[]
  places: Places
  /** Where what is told there to be none of begins: of «no hay heridos», the place of `heridos`. */
  negados: ReadonlySet<number>
}

const finales = (patterns: readonly Pattern[], places: Places): Set<number> =>
  new Set(patterns.flatMap((one) => findAll(one, places, { slack: 0, ordered: true }).map(({ to }) => to)))

function deClase({ tipo, frases, salvo }: Clase, texto: Texto, tiempos: Tiempos): Match | undefined {
  for (const frase of frases) {
    for (const match of findAll(frase, texto.places, { slack: SLACK.peligro, ordered: false })) {
      const junta = texto.words[match.from]?.sentence === texto.words[match.to - 1]?.sentence
      if (junta && !cerca(salvo, match, texto, CERCA.salvo, CERCA.salvo) && esAhora(tipo, match, texto, tiempos))
        return match
    }
  }
  return undefined
}

/** Is it happening now, as far as its kind of danger asks? */
function esAhora(tipo: Tipo, match: Match, texto: Texto, tiempos: Tiempos): boolean {
  if (tipo === 'siempre') return true
  if (texto.negados.has(match.from)) return false
  if (cerca(tiempos.prevision, match, texto, CERCA.antes, CERCA.despues)) return false
  if (tipo === 'estado' || hay(tiempos.ahora, texto.places)) return true
  const antes = [...tiempos.pasado, ...tiempos.habitual]
  return !cerca(antes, match, texto, CERCA.tiempo, CERCA.tiempo)
}

const hay = (patterns: readonly Pattern[], places: Places): boolean =>
  patterns.some((one) => findAll(one, places, { slack: SLACK.tiempo, ordered: true }).length > 0)

/** Is one of these said in the same sentence, no farther away than so many words? */
function cerca(
  patterns: readonly Pattern[],
  match: Match,
  { words, places }: Texto,
  antes: number,
  despues: number,
): boolean {
  const sentence = words[match.from]?.sentence
  return patterns.some((one) =>
    findAll(one, places, { slack: SLACK.tiempo, ordered: true }).some(
      ({ from, to }) => from >= match.from - antes && to <= match.to + despues && words[from]?.sentence === sentence,
    ),
  )
}
