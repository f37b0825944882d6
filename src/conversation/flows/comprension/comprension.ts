import { rememberingLast } from '../../remember.ts'
import type { Examples, Intencion, Lexicon, Respuesta } from '../../understanding/lexicon.ts'
import { likenessBy } from '../../understanding/likeness.ts'
import { modelOf, type Topic } from '../../understanding/model.ts'
import { findFirst, patternsOf, placesOf } from '../../understanding/patterns.ts'
import { createRanker, type Ranked } from '../../understanding/ranker.ts'
import { createReader, type Reader, type Word } from '../../understanding/reader.ts'
import type { CategoriaVista, ColoniaVista } from '../vocabulary.ts'
import { aprender } from './aprendido.ts'
import { deFabrica, type Guardado, huellaDe } from './de-fabrica.ts'
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

const temasDe = (categorias: readonly CategoriaVista[]): Topic[] =>
  categorias.map(({ id, nombre, palabras }) => ({ id, name: nombre, phrases: palabras }))

/** A reader that knows every word of the lesson. */
const lectorDe = ({ lexicon, examples, emergencias, informacion }: Saber, topics: readonly Topic[]): Reader =>
  createReader(lexicon, [
    ...topics.flatMap(({ name, phrases }) => [name, ...phrases]),
    ...Object.values(examples).flat(),
    ...emergencias.frases,
    ...lexicon.peligros.flatMap(({ frases, salvo }) => [...frases, ...salvo]),
    ...Object.values(lexicon.clases).flat(),
    ...Object.values(lexicon.tiempo).flat(),
    ...Object.values(lexicon.intenciones).flat(),
    ...lexicon.temor,
    ...lexicon.partes.consecuencias,
    ...informacion.flatMap(({ palabras }) => palabras),
  ])

/** Learns a lesson, also one that comes with the program; some seconds of work. */
export function estudiar(saber: Saber, categorias: readonly CategoriaVista[]): Guardado {
  const topics = temasDe(categorias)
  return { huella: huellaDe(saber, topics), aprendido: aprender(topics, saber.examples, lectorDe(saber, topics)) }
}

/** Is there nothing to learn of this lesson? */
export const sabida = (saber: Saber, categorias: readonly CategoriaVista[]): boolean =>
  deFabrica(huellaDe(saber, temasDe(categorias))) !== undefined

/** Understands with a lexicon, examples and a catalogue; what does not come with the program is learnt, some seconds of work. */
export function crearComprension(saber: Saber, catalogo: Catalogo): Comprension {
  const { lexicon, emergencias, informacion } = saber
  const topics = temasDe(catalogo.categorias)
  const reader = lectorDe(saber, topics)
  const aprendido = deFabrica(huellaDe(saber, topics)) ?? aprender(topics, saber.examples, reader)
  const ranker = createRanker(modelOf(topics, aprendido.asuntos, reader))
  const cuenta = aprendido.cuenta ? likenessBy(aprendido.cuenta) : () => Number.POSITIVE_INFINITY
  const afirmado = prepararNegacion(lexicon, reader)
  const vecinos = prepararVecinos(lexicon, reader)
  const detectar = prepararPeligro(lexicon, emergencias, likenessBy(aprendido.peligro), reader)
  const leerLugar = prepararLugar(lexicon)
  const intencion = prepararIntencion(lexicon, reader)
  const temores = prepararTemor(lexicon, reader)
  const descartados = new Map(lexicon.peligros.map(({ id, no_es }) => [id, new Set(no_es)]))
  const lugarDe = rememberingLast((texto: string) => leerLugar(texto, catalogo.colonias))
  const queCuentan = (words: readonly Word[], texto: string) =>
    afirmado(sinTemor(sinNombres(words, lugarDe(texto).nombres), temores(words)))
  const asuntosDe = (words: readonly Word[], texto: string, peligro = detectar(words)) => {
    if (!peligro && cuenta(words) < CUENTA) return []
    const ajenos = descartados.get(peligro?.id ?? '')
    const asuntos = vecinos(words, ranker.rank(queCuentan(words, texto), texto)).filter(
      ({ topic }) => !ajenos?.has(topic),
    )
    return peligro && (asuntos[0]?.confidence ?? 0) < SEGURO_EN_PELIGRO ? [] : asuntos
  }
  const parecidosDe = (words: readonly Word[], texto: string) => {
    const peligro = detectar(words)
    const dichos = asuntosDe(words, texto, peligro)
    // Of a fire nobody guesses that it is about weeds.
    return peligro || dichos.length > 0 || cuenta(words) < CUENTA
      ? dichos
      : ranker.guess(queCuentan(words, texto), texto)
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

/** Danger is first of all danger; from this confidence on, it is told that it has a category too. */
const SEGURO_EN_PELIGRO = 0.5
/** Who tells something does so at least this much more than who greets, answers or asks when somebody is there. */
const CUENTA = -0.5
/** Of the colonia Monte Alto nothing says that the weeds are high. */
function sinNombres(words: readonly Word[], nombres: readonly (readonly [number, number])[]): readonly Word[] {
  if (nombres.length === 0) return words
  const dentro = ({ at }: Word) => nombres.some(([from, to]) => from <= at[0] && at[1] <= to)
  return words.map((word) => (dentro(word) ? { ...word, key: '', filler: true } : word))
}
