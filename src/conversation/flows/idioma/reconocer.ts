import { rememberingLast } from '../../remember.ts'
import type { Locale } from '../../state.ts'
import type { Lexicon } from '../../understanding/lexicon.ts'

/** What tells one language from another, as lexico*.yaml lists it. */
type Senales = Lexicon['idioma']

/** Tells in which language a text was surely written; undefined when it might be either, or neither. */
export type Reconocer = (texto: string) => Locale | undefined

/** Text beyond this is not looked at. */
const LEIDO = 600
/** So many different words that only one language has, of which one is of its grammar, make a text surely its own. */
const SEGURAS = 2

/** Words that both languages list tell nothing. */
export function prepararIdioma(listas: Readonly<Record<Locale, Senales>>): Reconocer {
  const es = leerSenales(listas.es, listas.en)
  const en = leerSenales(listas.en, listas.es)
  return rememberingLast((texto) => {
    const words = palabrasDe(texto.slice(0, LEIDO))
    if (en.frases.has(words.join(' '))) return 'en'
    if (es.frases.has(words.join(' '))) return 'es'
    const distinct = [...new Set(words)]
    if (esDe(distinct, en, es)) return 'en'
    return esDe(distinct, es, en) ? 'es' : undefined
  })
}

/** Is it the one language and not the other? */
function esDe(words: readonly string[], una: Conocidas, otra: Conocidas): boolean {
  const count = (known: ReadonlySet<string>) => words.filter((word) => known.has(word)).length
  const suyas = count(una.todas)
  const urgente = count(una.urgentes) > 0 && count(otra.todas) === 0
  return urgente || (suyas >= SEGURAS && count(una.gramatica) > 0 && suyas > count(otra.todas))
}

interface Conocidas {
  frases: ReadonlySet<string>
  gramatica: ReadonlySet<string>
  todas: ReadonlySet<string>
  urgentes: ReadonlySet<string>
}

function leerSenales(propias: Senales, ajenas: Senales): Conocidas {
  const foreign = new Set([...ajenas.gramatica, ...ajenas.claras].flatMap(palabrasDe))
  const own = (list: readonly string[]) => new Set(list.flatMap(palabrasDe).filter((word) => !foreign.has(word)))
  return {
    frases: new Set(propias.frases.map((one) => palabrasDe(one).join(' '))),
    gramatica: own(propias.gramatica),
    todas: own([...propias.gramatica, ...propias.claras, ...propias.urgentes]),
    urgentes: own(propias.urgentes),
  }
}

/** `There's` is `theres`: apostrophes say nothing. */
const palabrasDe = (texto: string): string[] =>
  texto
    .normalize('NFKD')
    .replace(/[\p{M}'’`´]/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []
