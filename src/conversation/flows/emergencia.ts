import type { Conversacion, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'

/** The number to call was given before; the folio comes after. */
const reportar: Paso = {
  id: 'reportar',
  filled: () => false,
  ask: ({ mensajes }) => ({
    text: mensajes.text('emergencia.ofrecer_folio'),
    options: [opcion(mensajes, 'si', mensajes.words('si')), opcion(mensajes, 'no', mensajes.words('no'))],
  }),
  read: ({ option }, { answers, mensajes }) => {
    if (option === undefined) return { to: 'miss' }
    if (option === 'si') return { to: 'flow', flow: 'registrar', answers, drop: true }
    return { to: 'flow', flow: 'menu', drop: true, say: [mensajes.text('emergencia.entendido')] }
  },
}

/** Danger was told by somebody who is in the middle of nothing; its answers are those of the petition it may become. */
export const emergencia = {
  version: 1,
  steps: [reportar],
  title: ({ mensajes }) => mensajes.text('titulo.sin_asunto'),
  finish: () => ({ to: 'again' }),
} satisfies Conversacion
