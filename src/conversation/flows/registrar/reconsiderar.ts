import type { Answer } from '../../answer.ts'
import { normalise, saysOnly, wordsOf } from '../../words.ts'
import { soloInsulta } from '../insultos.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { campos, categoriaDe, conDescripcion, exigencia } from './campos.ts'
import { coloniaEntrePalabras } from './colonias.ts'
import { emailEnTexto, leerNombre, telefonoEnTexto, telefonoEscrito } from './contacto.ts'
import { camposDeLugarDicho } from './cosas.ts'
import { contestarDuda } from './duda.ts'
import { atenderTemor, volverAConDatos } from './temor.ts'

/** So sure another subject is meant by who corrects it. */
const OTRO_ASUNTO = { score: 6, confidence: 0.7 } as const

/** Who says so gives a name, and, where the summary asks for one, who writes capitals as names have them. */
const PRESENTA = /^\s*(?:mi nombre es|me llamo|a nombre de|my name is)\s/i
const CON_MAYUSCULAS =
  /^\p{Lu}\p{Ll}[\p{L}.'’]*(?:\s+(?:(?:de|del|la|las|los|y|viuda|vda\.?)\s+)*\p{Lu}[\p{L}.'’]*){1,5}$/u

/** Steps that ask for a name, among other things. */
const PIDEN_NOMBRE: ReadonlySet<string> = new Set(['resumen', 'contacto'])

const pareceNombre = (text: string, { state }: Contexto): boolean =>
  PRESENTA.test(text) || (state.step === 'resumen' && CON_MAYUSCULAS.test(text.trim()))

/** How to reach somebody, and who it is, as these words tell it and the subject asks for it. */
function quienDice(text: string, contexto: Contexto) {
  const cabe = (dato: 'nombre' | 'telefono' | 'email') =>
    exigencia(contexto, dato) !== 'no' && campos(contexto).anonima !== true
  const telefono = cabe('telefono') ? telefonoEnTexto(text) : undefined
  const email = cabe('email') ? emailEnTexto(text) : undefined
  const presenta = telefono !== undefined || email !== undefined || pareceNombre(text, contexto)
  const nombre = presenta && cabe('nombre') ? leerNombre(text) : undefined
  return { nombre, telefono, email }
}

/** Where it is, as these words tell it. Where a name is asked for, «Guadalupe Torres» is somebody, though there is a colonia Guadalupe. */
function dondeDice(text: string, contexto: Contexto, nombre: string | undefined) {
  const { ubicacion, calle: antes } = campos(contexto)
  const cabe = categoriaDe(contexto) === undefined || exigencia(contexto, 'colonia') !== 'no' || ubicacion !== undefined
  if (!cabe || (nombre !== undefined && PIDEN_NOMBRE.has(contexto.state.step ?? ''))) return { set: {}, datos: [] }
  const lugar = contexto.comprension().lugar(text)
  const calle = [lugar.calle, lugar.numero].filter(Boolean).join(' ')
  // Another street has another number.
  const otraCalle = lugar.calle !== undefined && lugar.numero === undefined && antes !== undefined
  const set = {
    ...camposDeLugarDicho(lugar),
    ...(otraCalle && { numero: undefined }),
    ...(lugar.coloniaEscrita && { colonia: undefined }),
  }
  return { set, datos: [calle, lugar.colonia ?? lugar.coloniaEscrita, lugar.referencias] }
}

/** What of these words belongs to other questions than the one that stands, and how it is repeated to the citizen. */
function dicho(text: string, contexto: Contexto): { set: Record<string, unknown>; datos: string[] } {
  const { nombre, telefono, email } = quienDice(text, contexto)
  const donde = dondeDice(text, contexto, nombre)
  const datos = [...donde.datos, nombre, telefono && telefonoEscrito(telefono), email]
  return {
    set: { ...donde.set, ...(nombre && { nombre }), ...(telefono && { telefono }), ...(email && { email }) },
    datos: datos.filter((one): one is string => one !== undefined && one !== ''),
  }
}

const anotar = ({ set, datos }: ReturnType<typeof dicho>, { mensajes }: Contexto): Movida => ({
  to: 'next',
  set,
  say: [mensajes.text('registrar.anotado', { datos: datos.join(', ') })],
})

/** What an answer may be that its question does not understand: an answer to another one. */
export function reconsiderar({ text }: Pick<Answer, 'text'>, contexto: Contexto): Movida | undefined {
  const seDice = Object.values(quienDice(text, contexto)).some((dato) => dato !== undefined)
  if (!seDice && esOtroProblema(text, contexto)) return guardarAparte(text, contexto)
  const algo = dicho(text, contexto)
  return algo.datos.length > 0 ? anotar(algo, contexto) : undefined
}

/** `Además hay un bache enfrente`: surely another problem than the one that is told. */
function esOtroProblema(text: string, contexto: Contexto): boolean {
  const categoria = categoriaDe(contexto)
  const [primero] = contexto.comprension().asuntos(text)
  const seguro = primero && primero.score >= OTRO_PROBLEMA.score && primero.confidence >= OTRO_PROBLEMA.confidence
  if (!categoria || !seguro || primero.topic === categoria.id) return false
  return contexto.services.categorias().some(({ id, interna }) => id === primero.topic && !interna)
}

/** So sure another problem is told by who was asked something else. */
const OTRO_PROBLEMA = { score: 7, confidence: 0.8 } as const

/** `no, es en la calle 5`: what was said before is put right, at whatever question. */
export function corregirDicho({ text, option }: Answer, contexto: Contexto, paso: Paso): Movida | undefined {
  if (option !== undefined) return undefined
  const otro = noContesta(text, contexto, paso)
  if (otro || paso.id === 'descripcion' || paso.id === 'asunto') return otro
  return corrige(text, contexto)
    ? poner(text, contexto, paso)
    : (negarAsunto(text, contexto) ?? contestarDuda(text, contexto))
}

/** What is no answer to any question: to have it erased, an insult, a fear, that it is about something else. */
function noContesta(text: string, contexto: Contexto, paso: Paso): Movida | undefined {
  const { mensajes } = contexto
  // No colonia is called so: who wants it erased is asked as who cancels.
  if (saysOnly(text, [mensajes.text('opciones.borrar')], mensajes.words('relleno')))
    return { to: 'flow', flow: 'cancelar' }
  if (soloInsulta(text, mensajes)) return { to: 'miss', because: mensajes.text('general.molestia') }
  const aparte = volverAConDatos(text, contexto, paso) ?? atenderTemor(text, contexto, paso)
  if (aparte) return aparte
  if (campos(contexto).evidente && saysOnly(text, mensajes.words('otra')))
    return { to: 'next', set: { categoria: undefined, evidente: undefined, verTemas: true } }
  return undefined
}

/** Puts right what these words correct: the place, who it is, or what it is about. */
function poner(text: string, contexto: Contexto, paso: Paso): Movida | undefined {
  const otraCalle = cambiarCalle(text, contexto)
  if (otraCalle) return otraCalle
  const algo = dicho(text, contexto)
  if (algo.datos.length > 0) return anotar(algo, contexto)
  // «Ya le dije que Arboledas» tells of no tree.
  if (paso.id === 'lugar' && coloniaEntrePalabras(text, contexto.services.colonias())) return undefined
  const otro = otroAsunto(text, contexto) ?? negarAsunto(text, contexto)
  return otro && cuentaQueFalta(text, contexto) ? guardarAparte(text, contexto) : otro
}

/** `No es Hidalgo, es Juárez`: the street that was noted is another one. */
function cambiarCalle(text: string, contexto: Contexto): Movida | undefined {
  const { calle } = campos(contexto)
  const [, antes = '', despues = ''] = OTRA_CALLE.exec(text) ?? []
  const era = normalise(antes)
  if (!calle || era.length < 3 || !` ${normalise(calle)} `.includes(` ${era} `)) return undefined
  return anotar({ set: { calle: despues.trim() }, datos: [despues.trim()] }, contexto)
}

const OTRA_CALLE =
  /\bno es (?:en )?(?:la )?(?:calle )?(.+?)[,;]?\s+(?:es|sino)\s+(?:en )?(?:la )?(?:calle )?(\p{L}[\p{L}\p{N} .]{2,60})$/iu

/** `Mejor no es bache`: what it is not, and nothing of what it is, which is asked. */
function negarAsunto(text: string, contexto: Contexto): Movida | undefined {
  const categoria = categoriaDe(contexto)
  const negado = NEGADO.exec(normalise(text))?.[1]?.split(AFIRMA)[0]
  if (!categoria || negado === undefined || wordsOf(negado).length > CORTO) return undefined
  if (contexto.comprension().asuntos(negado)[0]?.topic !== categoria.id) return undefined
  const otro = otroAsunto(text, contexto)
  if (otro) return otro
  const set = { categoria: undefined, evidente: undefined, verTemas: true, orientada: undefined }
  const say = [contexto.mensajes.text('registrar.asunto_quitado', { categoria: categoria.nombre })]
  return { to: 'next', set: { ...set, ...conDescripcion(text, contexto) }, say }
}

/** In either language, and the words that may follow it. */
const NEGADO = /\b(?:no (?:es|era|son|eran|fue)|(?:it )?(?:is|was) not|it isnt|isnt) (.+)$/
const AFIRMA = / (?:es|era|son|sino|it is|its) /
const CORTO = 8

/**
 * The answer to a question, and what stands after it and belongs elsewhere: a correction, what it is not, a fear, a question.
 * Undefined where a story is told, and for words that are all one answer.
 */
export function dichoAparte({ text }: Answer, contexto: Contexto, paso: Paso) {
  if (paso.story || text.length > BREVE) return undefined
  const cortes = [...text.matchAll(CORTE)].slice(-CORTES).map(({ index, 0: corte }) => ({
    answer: text.slice(0, index).trim(),
    more: text.slice(index + corte.length).trim(),
  }))
  const otro = (more: string) =>
    (AUN.test(more) && esOtroProblema(more, contexto)) || (!PERSONALES.has(paso.id) && daConQueLlamar(more, contexto))
  return cortes.findLast(
    ({ answer, more }) => DICE.test(answer) && (otro(more) || corregirDicho(conTexto(more), contexto, paso)),
  )
}

/** The longest text that is both, in characters, and how many of its last parts are looked at. */
const BREVE = 300
const CORTES = 6

/** Steps that read a name, a telephone and an e-mail themselves. */
const PERSONALES: ReadonlySet<string> = new Set(['nombre', 'telefono', 'email', 'contacto', 'resumen'])

function daConQueLlamar(text: string, contexto: Contexto): boolean {
  const { telefono, email } = quienDice(text, contexto)
  return (telefono ?? email) !== undefined
}

const DICE = /[\p{L}\p{N}]/u

const conTexto = (text: string): Answer => ({ text, files: [], lost: false, sentAt: new Date(0) })

/** With these another problem begins. */
const AUN = /^(?:ademas|además|tambien|también|aparte|also|besides)\b/i

/** Where one thing said may end and another begin. */
const CORTE =
  /[,.;!\n]+\s*(?:(?:y|pero|aunque|oye|oiga|and|but)\s+)*|\s+(?:y\s+)?(?:pero|aunque|oye|oiga|but)\s+|\s+(?:y\s+|and\s+)?(?=(?:ademas|además|tambien|también|aparte|also|besides)\s)|\s+(?=¿)/giu

/** `No hay luz` puts nothing right: it tells of something else that is wrong. */
function cuentaQueFalta(text: string, { mensajes }: Contexto): boolean {
  const words = ` ${wordsOf(text).join(' ')} `
  return mensajes.words('falta').some((one) => words.startsWith(` ${wordsOf(one).join(' ')} `))
}

/** The most problems that wait for their turn. */
const ESPERAN = 5

/** Another problem waits until this one has its folio; nothing said of this one changes. */
function guardarAparte(text: string, contexto: Contexto): Movida {
  const { mensajes } = contexto
  const { otras = [] } = campos(contexto)
  const nueva = { texto: text, categoria: contexto.comprension().asuntos(text)[0]?.topic ?? '' }
  const yaEsta = otras.some(({ texto }) => texto === text)
  const set = yaEsta ? {} : { otras: [...otras, nueva].slice(0, ESPERAN) }
  return { to: 'again', set, say: [mensajes.text('registrar.otro_problema')] }
}

/** `Se está quemando un poste`, said in the middle of something else: one more problem, or part of what is told. */
export function guardarPeligro({ text }: Answer, contexto: Contexto): Movida {
  const parte = conDescripcion(text, contexto)
  const [primero] = contexto.comprension().asuntos(text)
  const otro = primero !== undefined && primero.topic !== campos(contexto).categoria
  return otro || parte.descripcion === undefined ? guardarAparte(text, contexto) : { to: 'again', set: parte }
}

/** The words tell surely of another subject than the one chosen: it is guessed anew from them. */
export function otroAsunto(text: string, contexto: Contexto): Movida | undefined {
  const categoria = categoriaDe(contexto)
  const [primero] = contexto.comprension().asuntos(text)
  const otro = primero && primero.score >= OTRO_ASUNTO.score && primero.confidence >= OTRO_ASUNTO.confidence
  if (!otro || !categoria || primero.topic === categoria.id) return undefined
  const set = { categoria: undefined, pista: text, verTemas: undefined, orientada: undefined }
  return { to: 'next', set: { ...set, ...conDescripcion(text, contexto) } }
}

/** Does it begin like a correction, filler before a whole phrase passed over (`que yo no pedí eso`), and say more than that? */
function corrige(text: string, { mensajes }: Contexto): boolean {
  const all = wordsOf(text)
  const filler = new Set(mensajes.words('relleno').flatMap(wordsOf))
  const bare = all.slice(all.findIndex((word) => !filler.has(word)))
  return mensajes.words('correccion').some((one) => {
    const begins = wordsOf(one)
    const starts = (words: readonly string[]) =>
      words.length > begins.length + 1 && begins.every((word, at) => words[at] === word)
    return starts(all) || (begins.length > 1 && starts(bare))
  })
}
