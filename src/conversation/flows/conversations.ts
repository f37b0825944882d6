import type { OutboundMessage } from '../../channels/message.ts'
import { advance, propose, returnToBot } from '../advance.ts'
import type { Answer } from '../answer.ts'
import type { ToFlow } from '../flow.ts'
import { isFreeText } from '../memory.ts'
import type { Definition } from '../run.ts'
import type { Advance, ConversationState, Turn } from '../state.ts'
import { avisos } from './avisos.ts'
import { avisar, bienvenida, presentarse, respondeAlAviso } from './bienvenida.ts'
import { cancelar } from './cancelar.ts'
import { comando, esPalabraGlobal, saludar } from './comandos.ts'
import { consultar, consultarFolio, leerFolioYClave } from './consultar.ts'
import { emergencia } from './emergencia.ts'
import { desdeCuando, entender } from './entender.ts'
import { entornoDe } from './entorno.ts'
import { aprender, type ConversationSettings, mundoDe, type VistaDelCatalogo } from './hacer-mundo.ts'
import { ajeno, hablarEn } from './idioma/hablar.ts'
import { soloInsulta } from './insultos.ts'
import { deLoSuyo } from './lo-suyo.ts'
import { deMenu, menu, pedirPersona } from './menu.ts'
import type { Contexto, Conversacion, Movida, Mundo } from './mundo.ts'
import { otraCosa } from './otra-cosa.ts'
import { mientrasEspera } from './persona.ts'
import { privacidad } from './privacidad.ts'
import { registrar } from './registrar/registrar.ts'
import { BORRADORES, retomar, titulos } from './retomar.ts'
import { contestar, quizaRespuesta } from './seguimiento/contestar.ts'
import { encuesta } from './seguimiento/encuesta.ts'
import { reabrir } from './seguimiento/reabrir.ts'
import { seguimiento } from './seguimiento/seguimiento.ts'
import type { Services } from './services.ts'
import { llevar, traerDeOtraCuenta } from './traspaso.ts'

export type { ConversationSettings }

/** All conversations there are, by name. */
export const FLOWS = {
  bienvenida,
  menu,
  registrar,
  consultar,
  privacidad,
  emergencia,
  retomar,
  cancelar,
  otra_cosa: otraCosa,
  llevar,
  traer: traerDeOtraCuenta,
  avisos,
  seguimiento,
  encuesta,
  contestar,
  reabrir,
} satisfies Readonly<Record<string, Conversacion>>

/** The conversation as the workflow drives it. */
export interface Conversations {
  advance: Advance<Services>
  /** What is said, and where it goes on, when a person of the staff gives the conversation back. */
  returnToBot(state: ConversationState, services: Services): Promise<Turn>
  /** Puts a question of ours to who is in the middle of nothing; undefined when they are in the middle of something. */
  propose(state: ConversationState, wanted: ToFlow, services: Services): Promise<Turn | undefined>
  /** Calls to mind what was left unfinished; undefined when there is nothing to say, or a person attends. */
  remind(state: ConversationState, services: Services): Promise<Turn | undefined>
  /** The state in which the assistant has a conversation again that a person forgot to give back; what was begun is laid aside, and nothing is said. */
  release(state: ConversationState, services: Services): Promise<ConversationState>
  /** Does the conversation await free words, so that messages in quick succession are one answer? */
  isFreeText(state: ConversationState): boolean
  /** Said when a message could not be processed and a person takes over. */
  apology(state: ConversationState): OutboundMessage
  /** Learns how people tell of these categories and colonias, which the first turn would do otherwise: a second or two of work. */
  learn(catalogo: VistaDelCatalogo): void
}

type Flows = Readonly<Record<string, Conversacion>>

/** Makes the municipality's conversation; `publicUrl` is where our own pages are, `flows` other conversations than `FLOWS`. */
export function createConversations(
  settings: ConversationSettings,
  publicUrl: string,
  flows: Flows = FLOWS,
): Conversations {
  const tituloActual = (contexto: Contexto) =>
    contexto.state.flow === null ? undefined : flows[contexto.state.flow]?.title?.(contexto)
  const definition: Definition<Mundo> = {
    flows,
    begin: comenzar,
    warn: alertar,
    command: (answer, contexto, paso) =>
      paso?.id === 'aviso' && respondeAlAviso(answer.text, contexto)
        ? undefined
        : comando({ answer, titulo: tituloActual(contexto) }, contexto, paso),
    isCommand: (text, contexto) => esPalabraGlobal(text, contexto),
    person: pedirPersona,
    waiting: mientrasEspera,
    start: (payload, answer, contexto) => empezar(payload, answer, contexto, tituloActual(contexto)),
    pressed: oprimido,
    speaking: (aqui, locale) => aqui.enIdioma(locale),
    foreign: ajeno,
    speak: hablarEn,
    gate: antes,
  }
  const mundo = mundoDe(settings, entornoDe(settings.municipio, publicUrl), flows)
  return {
    advance: (state, message, services) => advance(definition, state, message, mundo(services, state.locale)),
    returnToBot: (state, services) => returnToBot(definition, state, mundo(services, state.locale)),
    propose: async (state, wanted, services) =>
      estaLibre(state) ? propose(definition, state, wanted, mundo(services, state.locale)) : undefined,
    remind: async (state, services) => {
      const aqui = mundo(services, state.locale)
      const move = recordatorio({ ...aqui, state, answers: state.answers }, tituloActual)
      return move && propose(definition, state, move, aqui)
    },
    release: async (state, services) => {
      const libre = { ...state, mode: 'bot' as const, misses: 0 }
      return (await propose(definition, libre, { to: 'flow', flow: 'menu' }, mundo(services, state.locale)))
        .conversation
    },
    isFreeText,
    learn: (catalogo) => aprender(settings, catalogo),
    apology: ({ locale }) => ({ text: settings.mensajes.in(locale).disculpa }),
  }
}

/** In the middle of nothing, or of a question of ours that was not answered yet. */
const estaLibre = ({ mode, flow, step, avisoVersion }: ConversationState): boolean =>
  mode === 'bot' &&
  avisoVersion !== null &&
  (flow === null ||
    flow === 'menu' ||
    (flow === 'encuesta' && step === 'resuelto') ||
    (flow === 'seguimiento' && step === 'que') ||
    (flow === 'contestar' && step === 'respuesta'))

/** The question where they stood, or the offer to take up what was laid aside. */
function recordatorio(
  contexto: Contexto,
  tituloActual: (contexto: Contexto) => string | undefined,
): Movida | undefined {
  const { state, mensajes } = contexto
  if (state.mode !== 'bot') return undefined
  const actual = state.flow === 'registrar' ? tituloActual(contexto) : undefined
  const titulo = actual ?? (estaLibre(state) ? titulos(contexto).at(-1)?.titulo : undefined)
  if (titulo === undefined) return undefined
  const say = [mensajes.text('retomar.recordatorio', { titulo })]
  return actual === undefined ? { to: 'flow', flow: 'retomar', drop: true, say } : { to: 'again', say }
}

/** What to do before anything else, in the language in which danger was told, whatever the conversation's. */
function alertar(text: string, contexto: Contexto): OutboundMessage | undefined {
  const { mensajes, telefonos } = contexto
  const peligro = text === '' ? undefined : contexto.comprension().peligro(text)
  const enSuIdioma = mensajes.in(peligro?.locale ?? mensajes.locale)
  return peligro && { text: enSuIdioma.text('emergencia.aviso', { numero: telefonos.emergencia }) }
}

/** Somebody writes who is in no flow. */
async function comenzar(answer: Answer, contexto: Contexto): Promise<Movida> {
  if (contexto.state.avisoVersion === null) return presentarse(answer, contexto)
  const respuesta = await quizaRespuesta(answer, contexto)
  if (respuesta) return respuesta
  const { mensajes } = contexto
  if (soloInsulta(answer.text, mensajes))
    return { ...saludar(contexto, undefined), say: [mensajes.text('general.molestia')] }
  const entendido = (await deLoSuyo(answer, contexto)) ?? entender(answer, contexto)
  return entendido.to === 'flow' ? entendido : { ...saludar(contexto, undefined), say: entendido.say ?? [] }
}

/** A link or a code on a poster may name a subject or a folio. */
function empezar(payload: string, answer: Answer, contexto: Contexto, titulo: string | undefined): Movida {
  const leido = leerFolioYClave(payload, contexto)
  if (leido.kind === 'folio') return consultarFolio(answer, contexto, leido)
  const codigo = payload.toUpperCase()
  const categoria = contexto.services.categorias().find(({ id, interna }) => id === codigo && !interna)
  if (!categoria) return saludar(contexto, titulo)
  // Shown as a guess: a poster may hang where another trouble is.
  const answers = { pista: categoria.nombre, desde: desdeCuando(answer, contexto) }
  return { to: 'flow', flow: 'registrar', answers }
}

/** Buttons that mean something long after they were shown, or that a trembling finger pressed twice. */
function oprimido(
  paso: string,
  option: string,
  _answer: Answer,
  contexto: Contexto,
): Movida | Promise<Movida> | undefined {
  if (paso === 'opcion') return deMenu(option, contexto)
  const { flow, avisoVersion } = contexto.state
  const repetido = (paso === 'aviso' && avisoVersion !== null) || (paso === 'resumen' && flow === 'menu')
  return repetido && flow !== 'bienvenida' ? { to: 'stay' } : undefined
}

/** Flows in which nothing is asked or kept that the notice must precede. */
const SIN_AVISO = new Set(['bienvenida', 'consultar', 'privacidad', 'cancelar', 'retomar', 'llevar', 'traer'])

/** The notice comes before the first datum, and unfinished petitions before one too many. */
function antes(wanted: ToFlow, contexto: Contexto): Movida | undefined {
  const { state, entorno } = contexto
  const { flow, drop } = wanted
  const aceptado = flow === 'registrar' ? state.avisoVersion === entorno.aviso.version : state.avisoVersion !== null
  if (!aceptado && !SIN_AVISO.has(flow)) return avisar(wanted, contexto)
  if (flow !== 'registrar' || titulos(contexto).length < BORRADORES) return undefined
  return { to: 'flow', flow: 'retomar', answers: { lleno: true }, ...(drop && { drop }) }
}
