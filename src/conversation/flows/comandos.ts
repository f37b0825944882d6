import type { Answer } from '../answer.ts'
import type { Mensajes } from '../mensajes.ts'
import { rememberingEach } from '../remember.ts'
import type { Intencion } from '../understanding/lexicon.ts'
import { normalise, saysOnly } from '../words.ts'
import { consultarFolio, leerFolioYClave } from './consultar.ts'
import { hablarEn } from './idioma/hablar.ts'
import { pedirPersona } from './menu.ts'
import type { Contexto, Movida, PalabrasGlobales, Paso } from './mundo.ts'
import { pideConDatos } from './registrar/temor.ts'
import { titulos } from './retomar.ts'
import { pedirReabrir } from './seguimiento/reabrir.ts'
import { recibirCodigo } from './traspaso.ts'

/** What was said, and how the flow in which it was said is called, if anything of it is worth keeping. */
interface Dicho {
  answer: Answer
  titulo: string | undefined
}

type Comando = (contexto: Contexto, dicho: Dicho) => Movida | Promise<Movida>

const COMANDOS: Readonly<Record<keyof PalabrasGlobales, Comando>> = {
  asesor: pedirPersona,
  cancelar: (contexto, { titulo }) => (titulo === undefined ? dejar(contexto) : { to: 'flow', flow: 'cancelar' }),
  atras: () => ({ to: 'back' }),
  ayuda: ({ mensajes }) => ({ to: 'again', say: [mensajes.text('general.ayuda')] }),
  folio: (contexto, { answer }) => consultarFolio(answer, contexto),
  reabrir: (contexto, { answer }) => pedirReabrir(answer, contexto),
  privacidad: () => ({ to: 'flow', flow: 'privacidad' }),
  baja: async ({ services, mensajes }) => {
    await services.avisos(false)
    return { to: 'again', say: [mensajes.text('general.baja')] }
  },
  alta: async ({ services, mensajes }) => {
    await services.avisos(true)
    return { to: 'again', say: [mensajes.text('general.alta')] }
  },
  otro_canal: () => ({ to: 'flow', flow: 'llevar' }),
  ingles: (contexto) => hablarEn('en', contexto),
  espanol: (contexto) => hablarEn('es', contexto),
  menu: ({ mensajes, state }, { titulo }) => ({
    to: 'flow',
    flow: 'menu',
    say: titulo === undefined || state.flow === 'bienvenida' ? [] : [mensajes.text('retomar.guardado', { titulo })],
  }),
}

const NOMBRES = Object.keys(COMANDOS) as (keyof PalabrasGlobales)[]

/** Words that work at every step, a greeting, thanks, and a folio written anywhere. */
export function comando(
  dicho: Dicho,
  contexto: Contexto,
  paso: Paso | undefined,
): Movida | undefined | Promise<Movida | undefined> {
  const { text } = dicho.answer
  const { mensajes, palabras } = contexto
  if (pideConDatos(text, contexto)) return undefined
  const relleno = mensajes.words('relleno')
  const saludos = mensajes.words('saludos')
  if (saysOnly(text, saludos, relleno)) return saludar(contexto, dicho.titulo)
  if (agradece(text, contexto)) return agradecer(contexto)
  const esDato = paso?.freeText === true && /^\d+$/.test(text)
  const nombre = esDato ? undefined : NOMBRES.find((one) => saysOnly(text, palabras[one], relleno))
  if (nombre !== undefined) return COMANDOS[nombre](contexto, dicho)
  return (
    recibirCodigo(dicho.answer, contexto, paso?.freeText === true) ??
    folioEscrito(dicho, contexto) ??
    pedidoDeOtroModo(dicho, contexto, paso)
  )
}

/** Which word stands for what is asked in a sentence. */
const POR_INTENCION: Partial<Record<Intencion, keyof PalabrasGlobales>> = {
  persona: 'asesor',
  consultar: 'folio',
  cancelar: 'cancelar',
  privacidad: 'privacidad',
  baja: 'baja',
  ayuda: 'ayuda',
}

/** `Mejor no es bache` gives nothing up: it puts right what it is. */
const NIEGA = /\bno (?:es|era|son|eran)\b/

/** `¿Cómo va mi reporte?`, `que me atienda una persona`: what such a word asks, said in a sentence; not where a story is told. */
function pedidoDeOtroModo(dicho: Dicho, contexto: Contexto, paso: Paso | undefined) {
  if (paso?.freeText === true) return undefined
  const { intencion, peligro } = contexto.comprension().comprender(dicho.answer.text)
  const niega = intencion === 'cancelar' && NIEGA.test(normalise(dicho.answer.text))
  const nombre = intencion && !peligro && !niega ? POR_INTENCION[intencion] : undefined
  return nombre && COMANDOS[nombre](contexto, dicho)
}

/** Is this one of the words that work everywhere? Greetings and thanks are not. */
export const esPalabraGlobal = (text: string, { mensajes, palabras }: Contexto): boolean =>
  !saysOnly(text, mensajes.words('saludos')) &&
  NOMBRES.some((one) => saysOnly(text, palabras[one], mensajes.words('relleno')))

/** With its letters or the word before it: ten digits alone are a telephone. */
const PARECE_FOLIO =
  /^\s*(?:(?:mi\s+)?folio\b[\s:]*(?:es\s+)?\d{2}|(?:(?:mi\s+)?folio\b[\s:]*(?:es\s+)?)?[a-z]{2,6}[\s-]?\d{2}[\s-]?\d)/i

function folioEscrito({ answer }: Dicho, contexto: Contexto): Movida | undefined {
  if (contexto.state.flow === 'consultar' || !PARECE_FOLIO.test(answer.text)) return undefined
  const leido = leerFolioYClave(answer.text, contexto)
  return leido.kind === 'folio' ? consultarFolio(answer, contexto, leido) : undefined
}

function dejar({ mensajes, state }: Contexto): Movida {
  const quieta = state.flow === null || state.flow === 'menu' || state.flow === 'bienvenida'
  if (quieta) return { to: 'again', say: [mensajes.text('general.nada_que_cancelar')] }
  return { to: 'flow', flow: 'menu', answers: { algoMas: true }, say: [mensajes.text('general.lo_dejamos')] }
}

/** Who comes back after hours hears where they were. */
export function saludar(contexto: Contexto, titulo: string | undefined): Movida {
  const { mensajes, state } = contexto
  if (state.flow === null || state.flow === 'menu')
    return { to: 'flow', flow: titulos(contexto).length > 0 ? 'retomar' : 'menu' }
  const sigue = titulo !== undefined && state.flow !== 'bienvenida'
  return { to: 'again', say: sigue ? [mensajes.text('general.seguimos', { titulo })] : [] }
}

const cortesias = rememberingEach((mensajes: Mensajes) => [...mensajes.words('relleno'), ...mensajes.words('saludos')])

/** Thanks, alone or, where nothing is asked, with kind words after them. */
function agradece(text: string, { mensajes, state, comprension }: Contexto): boolean {
  const gracias = mensajes.words('gracias')
  if (saysOnly(text, gracias, cortesias(mensajes))) return true
  const quieta = state.flow === null || state.flow === 'menu'
  const words = normalise(text)
  const said = gracias.map(normalise).find((one) => words.startsWith(`${one} `))
  return quieta && said !== undefined && comprension().asuntos(words.slice(said.length)).length === 0
}

function agradecer({ mensajes, state }: Contexto): Movida {
  const quieta = state.flow === null || state.flow === 'menu'
  return { to: quieta ? 'stay' : 'again', say: [mensajes.text('general.gracias')] }
}
