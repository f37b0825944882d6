import { z } from 'zod'
import type { Answers } from '../state.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'

/** The most petitions one may have unfinished at a time. */
export const BORRADORES = 5

/** How many of them a menu offers: the latest. */
const OFRECIDOS = 6

/** What is unfinished, oldest first, each with the name by which it is called. */
export const titulos = (contexto: Contexto): { id: string; titulo: string }[] =>
  contexto.state.drafts.flatMap((draft) => {
    const titulo = contexto.tituloDe(draft, contexto)
    return titulo === undefined ? [] : [{ id: draft.id, titulo }]
  })

const dichoSchema = z.object({
  borrador: z.string().optional().catch(undefined),
  borrar: z.literal(true).optional().catch(undefined),
  lleno: z.literal(true).optional().catch(undefined),
  /** Fields that came for the draft while it was laid aside. */
  con: z.record(z.string(), z.unknown()).optional().catch(undefined),
})

const dicho = ({ answers }: { answers: Answers }) => dichoSchema.parse(answers)

/** The draft that is spoken of: the one chosen, or the only one. */
function elegido(contexto: Contexto) {
  const todos = titulos(contexto)
  return todos.length === 1 ? todos[0] : todos.find(({ id }) => id === dicho(contexto).borrador)
}

const cual: Paso = {
  id: 'cual',
  when: (contexto) => titulos(contexto).length > 1,
  filled: (contexto) => elegido(contexto) !== undefined,
  ask: (contexto) => {
    const { mensajes } = contexto
    const otro = dicho(contexto).lleno ? [] : [opcion(mensajes, 'otro_reporte', mensajes.words('otra'))]
    return {
      text: dicho(contexto).lleno
        ? mensajes.text('retomar.demasiados', { maximo: BORRADORES })
        : mensajes.text('retomar.varios'),
      options: [
        ...titulos(contexto)
          .slice(-OFRECIDOS)
          .map(({ id, titulo }) => ({ id, label: mayuscula(titulo) })),
        ...otro,
      ],
    }
  },
  read: ({ option }, contexto) => {
    if (option === undefined) return { to: 'miss' }
    if (option === 'otro_reporte') return otraCosa
    const este = titulos(contexto).find(({ id }) => id === option)
    // Only where there is one too many may it be chosen to be erased.
    return este && !dicho(contexto).lleno ? seguirCon(este, contexto) : { to: 'next', set: { borrador: option } }
  },
}

const otraCosa: Movida = { to: 'flow', flow: 'menu', drop: true }

const mayuscula = (texto: string) => texto.charAt(0).toUpperCase() + texto.slice(1)

const queHacer: Paso = {
  id: 'que_hacer',
  when: (contexto) => elegido(contexto) !== undefined,
  filled: (contexto) => dicho(contexto).borrar === true,
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('retomar.uno', { titulo: elegido(contexto)?.titulo ?? '' }),
      options: [
        opcion(mensajes, 'seguir', mensajes.words('si')),
        opcion(mensajes, 'otro_reporte', [...mensajes.words('otra'), ...mensajes.words('no')]),
        opcion(mensajes, 'borrar'),
        opcion(mensajes, 'otro_canal'),
      ],
    }
  },
  read: ({ option }, contexto) => {
    const este = elegido(contexto)
    if (option === undefined || !este) return { to: 'miss' }
    if (option === 'otro_reporte') return otraCosa
    if (option === 'otro_canal') return { to: 'flow', flow: 'llevar', drop: true }
    return option === 'borrar' ? { to: 'next', set: { borrar: true } } : seguirCon(este, contexto)
  },
}

/** Takes up a draft, with what came for it meanwhile. */
const seguirCon = ({ id, titulo }: { id: string; titulo: string }, contexto: Contexto): Movida => ({
  to: 'draft',
  id,
  with: dicho(contexto).con ?? {},
  say: [contexto.mensajes.text('general.seguimos', { titulo })],
})

const seguro: Paso = {
  id: 'seguro',
  when: (contexto) => dicho(contexto).borrar === true && elegido(contexto) !== undefined,
  filled: () => false,
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('retomar.seguro_borrar', { titulo: elegido(contexto)?.titulo ?? '' }),
      options: [opcion(mensajes, 'si', mensajes.words('si')), opcion(mensajes, 'no', mensajes.words('no'))],
    }
  },
  read: ({ option }, contexto) => {
    const este = elegido(contexto)
    if (option === undefined || !este) return { to: 'miss' }
    if (option === 'no') return { to: 'next', set: { borrar: undefined } }
    return { ...otraCosa, dropDraft: este.id, say: [contexto.mensajes.text('retomar.borrado')] }
  },
}

/** What was left unfinished is offered again. */
export const retomar = {
  version: 1,
  steps: [cual, queHacer, seguro],
  finish: () => otraCosa,
} satisfies Conversacion
