import { z } from 'zod'
import type { Answer } from '../../answer.ts'
import { consultarFolio } from '../consultar.ts'
import { entender } from '../entender.ts'
import { volver } from '../menu.ts'
import type { Contexto, Conversacion, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import type { Cerrada } from './services.ts'

/** How many closed petitions a menu offers. */
const OFRECIDAS = 6

const folioDicho = z.string().optional().catch(undefined)

/** Closed for so long that only a new petition helps. */
const vencida = ({ answers }: Contexto) => folioDicho.parse(answers.vencida)

const porAbrir = async ({ services }: Contexto): Promise<Cerrada[]> =>
  (await services.cerradas()).filter(({ reabrir }) => reabrir)

const preguntarPorQue = (folio: string): Movida => ({
  to: 'flow',
  flow: 'seguimiento',
  answers: { folio, que: 'reabrir' },
})

/** The word of the notice: opens the one that is spoken of, or the only one there is; asks which of several; after its time, offers a new one. */
export async function pedirReabrir(answer: Answer, contexto: Contexto): Promise<Movida> {
  const { mensajes, services, state, answers } = contexto
  const cerradas = await services.cerradas()
  const posibles = cerradas.filter(({ reabrir }) => reabrir)
  const hablada = state.flow === 'encuesta' || state.flow === 'seguimiento' ? answers.folio : undefined
  const una = posibles.find(({ folio }) => folio === hablada) ?? (posibles.length === 1 ? posibles[0] : undefined)
  if (una) return preguntarPorQue(una.folio)
  if (posibles.length > 1) return { to: 'flow', flow: 'reabrir' }
  const [ultima] = cerradas
  if (!ultima) return { ...consultarFolio(answer, contexto), say: [mensajes.text('seguimiento.nada_que_reabrir')] }
  const vieja = cerradas.find(({ folio }) => folio === hablada) ?? ultima
  return { to: 'flow', flow: 'reabrir', answers: { vencida: vieja.folio } }
}

const cual: Paso = {
  id: 'cual',
  story: true,
  when: (contexto) => vencida(contexto) === undefined,
  filled: () => false,
  ask: async (contexto) => {
    const { mensajes } = contexto
    const cerradas = (await porAbrir(contexto)).slice(0, OFRECIDAS)
    return {
      text: mensajes.text('seguimiento.cual_reabrir'),
      options: [
        ...cerradas.map(({ folio, asunto }) => ({ id: folio, label: `${folio} ${asunto}`, words: [folio] })),
        opcion(mensajes, 'mejor_no', mensajes.words('no')),
      ],
    }
  },
  read: (answer, contexto) => {
    const { option } = answer
    if (option === 'mejor_no') return volver(contexto)
    return option === undefined ? entender(answer, contexto) : { ...preguntarPorQue(option), drop: true }
  },
}

/** Too late to open it again, not to have it seen to. */
const deNuevo: Paso = {
  id: 'de_nuevo',
  story: true,
  filled: () => false,
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('seguimiento.reabrir_tarde', { folio: vencida(contexto) ?? '' }),
      options: [
        opcion(mensajes, 'reportar_de_nuevo', [...mensajes.words('si'), ...mensajes.words('reportar')]),
        opcion(mensajes, 'mejor_no', mensajes.words('no')),
      ],
    }
  },
  read: (answer, contexto) => {
    if (answer.option === 'reportar_de_nuevo') return reportarDeNuevo(contexto)
    return answer.option === 'mejor_no' ? volver(contexto) : entender(answer, contexto)
  },
}

/** A new petition that says which one it goes on from; what it was about is offered as a guess. */
async function reportarDeNuevo(contexto: Contexto): Promise<Movida> {
  const { services } = contexto
  const anterior = vencida(contexto)
  const asunto = (await services.cerradas()).find(({ folio }) => folio === anterior)?.asunto
  const categoria = services.categorias().find(({ nombre, reservada }) => nombre === asunto && !reservada)
  const desde = services.now().toISOString()
  return {
    to: 'flow',
    flow: 'registrar',
    answers: { desde, anterior, ...(categoria && { pista: categoria.nombre }) },
    drop: true,
  }
}

/** Which of several closed petitions is to be opened again, and what to do when its time is over. */
export const reabrir = { version: 1, steps: [cual, deNuevo], finish: volver } satisfies Conversacion
