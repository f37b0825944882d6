import type { Answer } from '../answer.ts'
import { entender } from './entender.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'

/** The number to call was given before; the folio comes after. */
const reportar: Paso = {
  id: 'reportar',
  story: true,
  filled: () => false,
  ask: ({ mensajes }) => ({
    text: mensajes.text('emergencia.ofrecer_folio'),
    options: [opcion(mensajes, 'si', mensajes.words('si')), opcion(mensajes, 'no', mensajes.words('no'))],
  }),
  read: (answer, contexto) => {
    const { answers, mensajes } = contexto
    const { option } = answer
    if (option === undefined) return otroAsunto(answer, contexto)
    if (option === 'si') return { to: 'flow', flow: 'registrar', answers, drop: true }
    return { to: 'flow', flow: 'menu', drop: true, say: [mensajes.text('emergencia.entendido')] }
  },
}

/** Another story is another petition; the first is laid aside. */
function otroAsunto(answer: Answer, contexto: Contexto): Movida {
  const entendido = entender(answer, contexto)
  return entendido.to === 'flow' ? entendido : { to: 'miss' }
}

/** Danger was told by somebody who is in the middle of nothing; its answers are those of the petition it may become. */
export const emergencia = {
  version: 1,
  steps: [reportar],
  title: ({ mensajes }) => mensajes.text('titulo.sin_asunto'),
  finish: () => ({ to: 'again' }),
} satisfies Conversacion
