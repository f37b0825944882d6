import { rememberingLast } from '../../remember.ts'
import type { Examples, Intencion, Lexicon, Respuesta } from '../../understanding/lexicon.ts'
import type { Topic } from '../../understanding/model.ts'
import { findFirst, patternsOf, placesOf } from '../../understanding/patterns.ts'
import { createRanker, type Ranked } from '../../understanding/ranker.ts'
import { createReader, type Word } from '../../understanding/reader.ts'
import type { CategoriaVista, ColoniaVista } from '../vocabulary.ts'
import { prepararIntencion } from './intencion.ts'
import { prepararLugar } from './lugar.ts'
import { prepararNegacion } from './negacion.ts'
import { type Parte, prepararPartes } from './partes.ts'
import { type Frases, type Peligro, prepararPeligro } from './peligro.ts'
import type { LugarDicho } from './piezas.ts'
import { prepararTemor, sinTemor } from './temor.ts'
import { prepararVecinos } from './vecinos.ts'

/** What a message says, all of it understood at once. */
export interface Comprendido {
  /** What is wanted beside telling of a problem. */
  intencion?: Intencion
  peligro?: Peligro
  /** Categories it may be about, likeliest first, each with its confidence and the words that told. */
  asuntos: Ranked[]
  /** Several problems in one message, each with its own words and categories; empty when there is one. */
  partes: Parte[]
  lugar: LugarDicho
  anonima: boolean
}

/** The catalogue as it is now. */
export interface Catalogo {
  categorias: readonly CategoriaVista[]
  colonias: readonly ColoniaVista[]
}

/** Understands what people write; pure, and without network. */
export interface Comprension {
  comprender(texto: string): Comprendido
  /** Categories that a text is about as far as it tells, likeliest first. */
  asuntos(texto: string): Ranked[]
  /** The same of a text that tells of none: those it may be about, to be asked for. */
  parecidos(texto: string): Ranked[]
  /** Does this text tell of danger now? */
  peligro(texto: string): Peligro | undefined
  lugar(texto: string): LugarDicho
  /** What the town answers to this question, if it is one that config/informacion.yaml has. */
  respuesta(texto: string): string | undefined
}

/** What people write is understood with. */
export interface Saber {
  lexicon: Lexicon
  examples: Examples
  emergencias: Frases
  informacion: readonly Respuesta[]
}

/** Learns the lexicon, the examples and a catalogue; some tenths of a second. */
export function crearComprension(
  { lexicon, examples, emergencias, informacion }: Saber,
  catalogo: Catalogo,
): Comprension {
  const topics = catalogo.categorias.map(({ id, nombre, palabras }): Topic => ({ id, name: nombre, phrases: palabras }))
  const reader = createReader(lexicon, [
    ...topics.flatMap(({ name, phrases }) => [name, ...phrases]),
    ...Object.values(examples).flat(),
    ...emergencias.frases,
    ...lexicon.peligros.flatMap(({ frases, salvo }) => [...frases, ...salvo]),
    ...Object.values(lexicon.clases).flat(),
    ...Object.values(lexicon.tiempo).flat(),
    ...Object.values(lexicon.intenciones).flat(),
    ...lexicon.anonimato,
    ...lexicon.temor,
    ...lexicon.partes.consecuencias,
    ...informacion.flatMap(({ palabras }) => palabras),
  ])
  const ranker = createRanker(topics, examples, reader)
  const afirmado = prepararNegacion(lexicon, reader)
  const vecinos = prepararVecinos(lexicon, reader)
  const detectar = prepararPeligro(lexicon, emergencias, examples, reader)
  const leerLugar = prepararLugar(lexicon)
  const intencion = prepararIntencion(lexicon, reader)
  const temores = prepararTemor(lexicon, reader)
  const descartados = new Map(lexicon.peligros.map(({ id, no_es }) => [id, new Set(no_es)]))
  const lugarDe = rememberingLast((texto: string) => leerLugar(texto, catalogo.colonias))
  const queCuentan = (words: readonly Word[], texto: string) =>
    afirmado(sinTemor(sinNombres(words, lugarDe(texto).nombres), temores(words)))
  const asuntosDe = (words: readonly Word[], texto: string, peligro = detectar(words)) => {
    const ajenos = descartados.get(peligro?.id ?? '')
    return vecinos(words, ranker.rank(queCuentan(words, texto), texto)).filter(({ topic }) => !ajenos?.has(topic))
  }
  const parecidosDe = (words: readonly Word[], texto: string) => {
    const peligro = detectar(words)
    const dichos = asuntosDe(words, texto, peligro)
    // Of a fire nobody guesses that it is about weeds.
    return peligro || dichos.length > 0 ? dichos : ranker.guess(queCuentan(words, texto), texto)
  }
  const preguntas = informacion.flatMap(({ palabras, respuesta }) => patternsOf(reader, respuesta, palabras))
  const partesDe = prepararPartes(lexicon, reader, asuntosDe)
  const leer = rememberingLast((texto: string) => reader.read(texto))
  return {
    comprender: rememberingLast((texto: string) => {
      const words = leer(texto)
      const peligro = detectar(words)
      const asuntos = asuntosDe(words, texto, peligro)
      const querer = intencion(words, asuntos)
      return {
        ...(querer && { intencion: querer }),
        ...(peligro && { peligro }),
        asuntos,
        // What happens in another town is its town hall's, all of it.
        partes: asuntos[0]?.topic === lexicon.vecinos.asunto ? [] : partesDe(words, texto, asuntos),
        lugar: lugarDe(texto).lugar,
        anonima: temores(words).length > 0,
      }
    }),
    asuntos: rememberingLast((texto) => asuntosDe(leer(texto), texto)),
    parecidos: rememberingLast((texto) => parecidosDe(leer(texto), texto)),
    peligro: rememberingLast((texto) => detectar(leer(texto))),
    lugar: (texto) => lugarDe(texto).lugar,
    respuesta: (texto) => findFirst(preguntas, placesOf(leer(texto)), { slack: 3, ordered: false })?.pattern.owner,
  }
}

/** Of the colonia Monte Alto nothing says that the weeds are high. */
function sinNombres(words: readonly Word[], nombres: readonly (readonly [number, number])[]): readonly Word[] {
  if (nombres.length === 0) return words
  const dentro = ({ at }: Word) => nombres.some(([from, to]) => from <= at[0] && at[1] <= to)
  return words.map((word) => (dentro(word) ? { ...word, key: '', filler: true } : word))
}
