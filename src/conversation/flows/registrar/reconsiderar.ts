import type { Answer } from '../../answer.ts'
import { saysOnly, wordsOf } from '../../words.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { campos, categoriaDe, exigencia } from './campos.ts'
import { emailEnTexto, leerNombre, telefonoEnTexto, telefonoEscrito } from './contacto.ts'
import { camposDeLugarDicho } from './cosas.ts'

/** So sure another subject is meant by who corrects it. */
const OTRO_ASUNTO = { score: 4, confidence: 0.6 } as const

/** Who says so gives a name, and, where the summary asks for one, who writes capitals as names have them. */
const PRESENTA = /^\s*(?:mi nombre es|me llamo|a nombre de|my name is)\s/i
const CON_MAYUSCULAS =
  /^\p{Lu}\p{Ll}[\p{L}.'’]*(?:\s+(?:(?:de|del|la|las|los|y|viuda|vda\.?)\s+)*\p{Lu}[\p{L}.'’]*){1,5}$/u

const pareceNombre = (text: string, { state }: Contexto): boolean =>
  PRESENTA.test(text) || (state.step === 'resumen' && CON_MAYUSCULAS.test(text.trim()))

/** What of these words belongs to other questions than the one that stands, and how it is repeated to the citizen. */
function dicho(text: string, contexto: Contexto): { set: Record<string, unknown>; datos: string[] } {
  const { anonima, ubicacion } = campos(contexto)
  const lugar = contexto.comprension().lugar(text)
  const cabeLugar =
    categoriaDe(contexto) === undefined || exigencia(contexto, 'colonia') !== 'no' || ubicacion !== undefined
  const cabe = (dato: 'nombre' | 'telefono' | 'email') => exigencia(contexto, dato) !== 'no' && anonima !== true
  const telefono = cabe('telefono') ? telefonoEnTexto(text) : undefined
  const email = cabe('email') ? emailEnTexto(text) : undefined
  const nombre =
    cabe('nombre') && (telefono !== undefined || email !== undefined || pareceNombre(text, contexto))
      ? leerNombre(text)
      : undefined
  // Another street has another number.
  const otraCalle = lugar.calle !== undefined && lugar.numero === undefined && campos(contexto).calle !== undefined
  const delLugar = cabeLugar ? { ...camposDeLugarDicho(lugar), ...(otraCalle && { numero: undefined }) } : {}
  const calle = [lugar.calle, lugar.numero].filter(Boolean).join(' ')
  return {
    set: {
      ...delLugar,
      ...(nombre && { nombre }),
      ...(telefono && { telefono }),
      ...(email && { email }),
      ...(lugar.coloniaEscrita && cabeLugar && { colonia: undefined }),
    },
    datos: [
      ...(cabeLugar ? [calle, lugar.colonia ?? lugar.coloniaEscrita, lugar.referencias] : []),
      nombre,
      telefono && telefonoEscrito(telefono),
      email,
    ].filter((one): one is string => one !== undefined && one !== ''),
  }
}

const anotar = ({ set, datos }: ReturnType<typeof dicho>, { mensajes }: Contexto): Movida => ({
  to: 'next',
  set,
  say: [mensajes.text('registrar.anotado', { datos: datos.join(', ') })],
})

/** What an answer may be that its question does not understand: an answer to another one. */
export function reconsiderar({ text }: Pick<Answer, 'text'>, contexto: Contexto): Movida | undefined {
  const algo = dicho(text, contexto)
  return algo.datos.length > 0 ? anotar(algo, contexto) : undefined
}

/** `no, es en la calle 5`: what was said before is put right, at whatever question. */
export function corregirDicho({ text, option }: Answer, contexto: Contexto, paso: Paso): Movida | undefined {
  if (campos(contexto).evidente && option === undefined && saysOnly(text, contexto.mensajes.words('otra')))
    return { to: 'next', set: { categoria: undefined, evidente: undefined, verTemas: true } }
  if (option !== undefined || paso.id === 'descripcion' || paso.id === 'asunto' || !corrige(text, contexto))
    return undefined
  const algo = dicho(text, contexto)
  if (algo.datos.length > 0) return anotar(algo, contexto)
  return otroAsunto(text, contexto)
}

/** The words tell surely of another subject than the one chosen: it is guessed anew from them. */
export function otroAsunto(text: string, contexto: Contexto): Movida | undefined {
  const categoria = categoriaDe(contexto)
  const [primero] = contexto.comprension().asuntos(text)
  const otro = primero && primero.score >= OTRO_ASUNTO.score && primero.confidence >= OTRO_ASUNTO.confidence
  if (!otro || !categoria || primero.topic === categoria.id) return undefined
  return { to: 'next', set: { categoria: undefined, pista: text, verTemas: undefined, orientada: undefined } }
}

/** Does it begin like a correction, and say more than that? */
function corrige(text: string, { mensajes }: Contexto): boolean {
  const words = wordsOf(text)
  return mensajes.words('correccion').some((one) => {
    const begins = wordsOf(one)
    return words.length > begins.length + 1 && begins.every((word, at) => words[at] === word)
  })
}
