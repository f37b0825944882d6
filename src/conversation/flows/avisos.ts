import { z } from 'zod'
import type { ToFlow } from '../flow.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'

const destino = z.object({ flow: z.string(), answers: z.record(z.string(), z.unknown()).optional() })

/** Where it goes on after the folio: first asks whether notices may come here, where nobody is written to unasked. */
export async function antesDe(luego: ToFlow, { services }: Contexto): Promise<ToFlow> {
  if (!(await services.faltaConsentimiento())) return luego
  const { flow, answers } = luego
  return { to: 'flow', flow: 'avisos', answers: { luego: { flow, ...(answers && { answers }) } }, drop: true }
}

/** To where it was going. */
function seguir({ answers }: Contexto): Movida {
  const { data } = destino.safeParse(answers.luego)
  return { to: 'flow', flow: data?.flow ?? 'menu', answers: data?.answers ?? { algoMas: true }, drop: true }
}

const pregunta: Paso = {
  id: 'avisos',
  filled: () => false,
  ask: ({ mensajes }) => ({
    text: mensajes.text('registrado.avisar'),
    options: [opcion(mensajes, 'si', mensajes.words('si')), opcion(mensajes, 'no', mensajes.words('no'))],
  }),
  read: async ({ option }, contexto) => {
    if (option === undefined) return { to: 'miss' }
    const { services, mensajes } = contexto
    await services.avisos(option === 'si')
    return { ...seguir(contexto), say: [mensajes.text(option === 'si' ? 'general.alta' : 'general.baja')] }
  },
}

/** The citizen says whether they want to be told of changes here. */
export const avisos = { version: 1, steps: [pregunta], finish: seguir } satisfies Conversacion
