import type { OutboundMessage } from '../../channels/message.ts'
import type { TEXTOS } from '../../conversation/flows/textos.ts'
import type { Mensajes } from '../../conversation/mensajes.ts'
import type { Locale } from '../../conversation/state.ts'
import { enlaceFirmado } from '../peticion/claves.ts'
import type { Peticion } from '../peticion/peticion.ts'
import type { Verbo } from '../peticion/transiciones.ts'

type ClaveDeAviso = Exclude<keyof (typeof TEXTOS)['avisos'], 'ver' | 'por_otro_canal'>

/**
 * What the citizen hears of each verb; null: nothing. Returning and noting are the house's own affair, a reply is a message itself,
 * and what was registered in the chat got its folio there.
 */
const AVISOS: Record<Verbo, ((resuelto: boolean | undefined) => ClaveDeAviso) | null> = {
  registrar: () => 'registrar',
  valorar: null,
  canalizar: () => 'canalizar',
  recanalizar: () => 'recanalizar',
  devolver: null,
  recibir: () => 'recibir',
  procesar: () => 'procesar',
  concluir: (resuelto) => (resuelto ? 'concluir_si' : 'concluir_no'),
  validar: () => 'validar',
  rechazar: () => 'rechazar',
  reabrir: () => 'reabrir',
  orientar: () => 'orientar',
  cancelar: () => 'cancelar',
  preguntar: () => 'preguntar',
  aclarar: null,
  recordar: () => 'recordar',
  reanudar: () => 'reanudar',
  responder: null,
  comentar: null,
  anotar: null,
}

/** Must this be told, and is there somewhere to tell it? */
export function debeAvisar(verbo: Verbo, peticion: Pick<Peticion, 'addressId' | 'anonima'>): boolean {
  return AVISOS[verbo] !== null && typeof peticion.addressId === 'number' && !peticion.anonima
}

/** What the texts are made with. */
export interface AvisoDeps {
  mensajes: Mensajes
  secretKey: string
  /** Without a slash at the end. */
  publicUrl: string
}

/** A change, as the notice tells it. */
export interface Novedad {
  verbo: Verbo
  folio: string
  asunto: string
  reservada: boolean
  /** Name of who attends or answers. */
  dependencia: string
  /** For the citizen, in the words of who wrote it. */
  explicacion: string
  /** The language of the conversation it goes to; Spanish where there is none. */
  locale?: Locale | undefined
  resuelto?: boolean | undefined
  /** The day, in words of that language, up to which it can be opened again. */
  fecha?: string | undefined
}

/** The notice with its link to follow the petition; of a reserved one it says only that there is news. undefined: the citizen hears nothing. */
export function componerAviso(novedad: Novedad, deps: AvisoDeps): OutboundMessage | undefined {
  const clave = AVISOS[novedad.verbo]?.(novedad.resuelto)
  return clave && conEnlace(novedad, clave, deps)
}

/** A reply of the staff; one to a reserved petition is read on its page. */
export function componerRespuesta(novedad: Omit<Novedad, 'verbo'>, deps: AvisoDeps): OutboundMessage {
  return conEnlace(novedad, 'respuesta', deps)
}

function conEnlace(
  { folio, asunto, reservada, dependencia, explicacion, locale = 'es', fecha = '' }: Omit<Novedad, 'verbo'>,
  clave: ClaveDeAviso,
  deps: AvisoDeps,
): OutboundMessage {
  const mensajes = deps.mensajes.in(locale)
  const url = enlaceFirmado(deps, folio, locale)
  const valores = { folio, asunto: mensajes.named(asunto), dependencia, explicacion, enlace: url, fecha }
  const text = mensajes.text(`avisos.${reservada ? 'reservada' : clave}`, valores)
  return { text, link: { label: mensajes.text('avisos.ver'), url } }
}
