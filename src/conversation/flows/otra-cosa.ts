import type { ToFlow } from '../flow.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'
import { campos } from './registrar/campos.ts'
import { camposDeCosa } from './registrar/cosas.ts'

/** Where it goes on after a folio: to the other problem that was told, or to the menu. */
export function trasElFolio(contexto: Contexto): ToFlow {
  const { otras, colonia, calle, numero, referencias, ubicacion, anonima } = campos(contexto)
  if (!otras || otras.length === 0) return { to: 'flow', flow: 'menu', answers: { algoMas: true }, drop: true }
  // Nothing of an anonymous report may stay with this conversation.
  const lugar = anonima ? {} : { colonia, calle, numero, referencias, ubicacion }
  return { to: 'flow', flow: 'otra_cosa', answers: { otras, ...lugar }, drop: true }
}

const registrarla: Paso = {
  id: 'registrarla',
  story: true,
  filled: () => false,
  ask: (contexto) => {
    const { mensajes } = contexto
    const [siguiente] = campos(contexto).otras ?? []
    return {
      text: mensajes.text('otra_cosa.pregunta', { cosa: siguiente?.texto.slice(0, CITADO) ?? '' }),
      options: [opcion(mensajes, 'si', mensajes.words('si')), opcion(mensajes, 'no', mensajes.words('no'))],
    }
  },
  read: ({ option }, contexto): Movida => {
    const { otras = [], colonia, calle, numero, referencias, ubicacion } = campos(contexto)
    const [siguiente, ...demas] = otras
    if (option === 'no' || !siguiente) return { to: 'flow', flow: 'menu', answers: { algoMas: true }, drop: true }
    if (option === undefined) return { to: 'miss' }
    const lugar = { colonia, calle, numero, referencias, ubicacion }
    const desde = contexto.services.now().toISOString()
    const answers = { desde, ...lugar, ...camposDeCosa(siguiente, demas, contexto), rapida: colonia !== undefined }
    return { to: 'flow', flow: 'registrar', answers, drop: true }
  },
}

/** Characters of it that are repeated. */
const CITADO = 120

/** The other problem of a message that told several. */
export const otraCosa = {
  version: 1,
  steps: [registrarla],
  title: ({ mensajes }) => mensajes.text('titulo.sin_asunto'),
  finish: () => ({ to: 'again' }),
} satisfies Conversacion
