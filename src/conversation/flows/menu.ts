import type { Choosable } from '../flow.ts'
import { entender } from './entender.ts'
import { deLoSuyo } from './lo-suyo.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'
import { avisoDePersona } from './persona.ts'
import { titulos } from './retomar.ts'

/** Where each option of the menu leads. */
const DESTINOS: Readonly<Record<string, string>> = {
  continuar_borrador: 'retomar',
  reportar: 'registrar',
  consultar: 'consultar',
  privacidad: 'privacidad',
  contestar: 'contestar',
}

/** What pressing an option of the menu does, also long after it was shown; undefined for no option of it. */
export function deMenu(option: string, contexto: Contexto): Movida | Promise<Movida> | undefined {
  if (option === 'persona') return pedirPersona(contexto)
  const flow = DESTINOS[option]
  if (flow === undefined) return undefined
  return { to: 'flow', flow, answers: { desde: contexto.services.now().toISOString() } }
}

/** A person of the staff attends, from now until they give the conversation back. */
export async function pedirPersona(contexto: Contexto): Promise<Movida> {
  const atencion = await contexto.services.atencion()
  return { to: 'person', say: [avisoDePersona(atencion, contexto)] }
}

const opciones = async (contexto: Contexto): Promise<Choosable[]> => {
  const { mensajes, services } = contexto
  return [
    ...((await services.preguntas()).length > 0 ? [opcion(mensajes, 'contestar')] : []),
    ...(titulos(contexto).length > 0 ? [opcion(mensajes, 'continuar_borrador')] : []),
    opcion(mensajes, 'reportar', mensajes.words('reportar')),
    opcion(mensajes, 'consultar'),
    opcion(mensajes, 'persona'),
    opcion(mensajes, 'privacidad'),
  ]
}

const elegir: Paso = {
  id: 'opcion',
  story: true,
  takes: ['media', 'location'],
  filled: () => false,
  ask: async (contexto) => ({
    text: contexto.mensajes.text(contexto.answers.algoMas === true ? 'menu.algo_mas' : 'menu.pregunta'),
    options: await opciones(contexto),
  }),
  read: async (answer, contexto) => {
    if (answer.option !== undefined) return deMenu(answer.option, contexto) ?? { to: 'miss' }
    return (await deLoSuyo(answer, contexto)) ?? entender(answer, contexto)
  },
}

/** Where everything begins and ends. */
export const menu = { version: 1, steps: [elegir], finish: () => ({ to: 'again' }) } satisfies Conversacion

/** Back to where the citizen is in the middle of nothing: what is unfinished is offered first. */
export const volver = (contexto: Contexto): Movida =>
  titulos(contexto).length > 0
    ? { to: 'flow', flow: 'retomar', drop: true }
    : { to: 'flow', flow: 'menu', answers: { algoMas: true }, drop: true }
