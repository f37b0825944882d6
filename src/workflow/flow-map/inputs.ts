import type { InboundMessage } from '../../channels/message.ts'
import { readMemory } from '../../conversation/memory.ts'
import type { ConversationState } from '../../conversation/state.ts'

/** Something a citizen may do at a question, and how a picture calls it. */
export interface Input {
  by: string
  message: Partial<InboundMessage> & Pick<InboundMessage, 'kind'>
}

/** How a picture calls what is not a button. */
export const WAYS = {
  words: 'escribe',
  photo: 'manda foto',
  place: 'manda ubicación',
  file: 'manda documento',
} as const

/** A code as it is typed, given on another account. */
export const CODE = 'ABCD2342'

/** Words. */
export const says = (text: string, by: string = WAYS.words): Input => ({ by, message: { kind: 'text', text } })
const photo: Input = {
  by: WAYS.photo,
  message: { kind: 'image', media: [{ kind: 'image', ref: 'r', attachmentId: 'foto' }] },
}
/** A photograph with a caption. */
export const photoSaying = (text: string): Input => ({ ...photo, message: { ...photo.message, text } })
const file: Input = {
  by: WAYS.file,
  message: { kind: 'document', media: [{ kind: 'document', ref: 'r', attachmentId: 'pdf' }] },
}
/** A place on the map. */
export const pin = (latitude: number, longitude: number): Input => ({
  by: WAYS.place,
  message: { kind: 'location', location: { latitude, longitude } },
})

/** A place of ours that is near no colonia's middle, one in a neighbouring town, and one far away. */
const PLACES = [pin(22.3928, -97.9403), pin(22.2553, -97.8686), pin(19.43, -99.13)]

/** First messages: whole, half, of several things, not ours, in danger, about nothing, questions, wishes. */
const STORIES = [
  'hay un bache enorme en la calle hidalgo 305 colonia miramar',
  'se esta tirando el agua',
  'hay un bache en mi calle y tambien no sirve la lampara del poste',
  'quiero denunciar que un transito me pidio dinero',
  'necesito una despensa',
  'no hay luz en mi casa',
  'huele a gas en mi casa',
  'esta todo muy mal por aqui y ya nadie hace nada',
  'qwerty',
  'a que hora abren',
].map((text) => says(text))

/** Words that work everywhere and lead to a flow of their own. */
const WORDS = ['folio', 'privacidad', 'otro canal', CODE, 'asesor', 'gracias', 'cancelar', 'menu']

/** What else may be answered at a question, by its step. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  lugar: ['Miramar', 'Las Quintas de no se donde', 'Laguna', 'no se'],
  colonia: ['Miramar', 'Laguna'],
  calle: ['Hidalgo 305', 'Hidalgo', 'no se', 'frente a la iglesia'],
  numero: ['5', 'sin numero'],
  telefono: ['833 000 0001', '12'],
  email: ['persona@ejemplo.mx', 'x'],
  nombre: ['Persona de Prueba', '5'],
  contacto: ['Persona de Prueba 833 000 0001', 'sin mis datos'],
  referencias: ['frente a la iglesia'],
  folio: ['UAC-26-004217-4', 'UAC-26-004217-4 K7M2XQ9P', 'UAC-26-004217-5', 'qwerty'],
  resumen: ['corregir', 'la calle es hidalgo 8'],
}

/** Everything tried at a question: its buttons, words, files and places; `menu` is where nothing is begun. */
export function inputsAt(state: ConversationState, labels: ReadonlyMap<string, string>): Input[] {
  const { flow, step } = state
  const shown = readMemory(state.answers).shown
  const presses = shown.map((id): Input => ({ by: labels.get(id) ?? id, message: { kind: 'choice', choice: { id } } }))
  if (flow === null) return [...STORIES, photo]
  const free =
    step === 'aviso' || step === 'opcion' || step === 'asunto' ? STORIES : [says('una respuesta cualquiera'), says('3')]
  const own = (ANSWERS[step ?? ''] ?? []).map((text) => says(text))
  const places = flow === 'registrar' || step === 'opcion' ? PLACES : []
  const words = step === 'opcion' ? WORDS.map((word) => says(word, word.toUpperCase())) : []
  return [...presses, ...free, ...own, ...places, photo, file, ...words]
}
