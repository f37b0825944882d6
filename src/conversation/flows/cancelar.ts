import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'
import { titulos } from './retomar.ts'

/** What was just laid aside, to be thrown away or taken up again. */
const ultimo = (contexto: Contexto) => titulos(contexto).at(-1)

const pregunta: Paso = {
  id: 'pregunta',
  when: (contexto) => ultimo(contexto) !== undefined,
  filled: () => false,
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('cancelar.pregunta', { titulo: ultimo(contexto)?.titulo ?? '' }),
      options: [
        opcion(mensajes, 'cancelar_si', mensajes.words('si')),
        opcion(mensajes, 'guardar', mensajes.words('guardar')),
        opcion(mensajes, 'cancelar_no', mensajes.words('no')),
      ],
    }
  },
  read: ({ option }, contexto) => {
    const este = ultimo(contexto)
    if (option === undefined || !este) return { to: 'miss' }
    return decidir(option, este, contexto)
  },
}

function decidir(option: string, { id, titulo }: { id: string; titulo: string }, { mensajes }: Contexto): Movida {
  if (option === 'cancelar_no') return { to: 'draft', id, say: [mensajes.text('cancelar.sigue')] }
  const alMenu = { to: 'flow', flow: 'menu', answers: { algoMas: true }, drop: true } as const
  if (option === 'guardar') return { ...alMenu, say: [mensajes.text('retomar.guardado', { titulo })] }
  return { ...alMenu, dropDraft: id, say: [mensajes.text('cancelar.hecho')] }
}

/** Asked before anything said is thrown away. */
export const cancelar = {
  version: 1,
  steps: [pregunta],
  finish: () => ({ to: 'flow', flow: 'menu', drop: true }),
} satisfies Conversacion
