import { afterOfficeHours } from './calendar.ts'
import type { Demo } from './demo.ts'
import type { Vida } from './lives.ts'
import type { Plan } from './plan.ts'
import * as verbs from './verbs.ts'

/** What is done next to a petition, and the moment of it; undefined when nothing more happens. */
export type Next = { at: Date; act(demo: Demo, vida: Vida): Promise<void> } | undefined

/** How a petition goes on, by how often. */
export const FATES = [
  { fate: 'normal', peso: 62 },
  { fate: 'no_resuelta', peso: 9 },
  { fate: 'nadie_la_abre', peso: 3 },
  { fate: 'se_atora', peso: 4 },
  { fate: 'devuelta', peso: 5 },
  { fate: 'recanalizada', peso: 3 },
  { fate: 'orientada', peso: 2 },
  { fate: 'cancelada', peso: 3 },
  { fate: 'rechazada', peso: 5 },
  { fate: 'reabierta', peso: 2 },
] as const

export type Fate = (typeof FATES)[number]['fate']

/** Dependencias that get what belongs to one of the others. */
const CONFUSED = ['OP', 'SSP', 'COMAPA', 'TV']

/** Can this happen to a petition of that kind? */
export function fits(fate: Fate, { categoria, asunto }: Pick<Plan, 'categoria' | 'asunto'>): boolean {
  if (fate === 'devuelta' || fate === 'recanalizada') return CONFUSED.includes(categoria.dependencia)
  return fate !== 'orientada' || asunto.no_es_nuestro !== undefined
}

/** Office hours that a step takes in the middle. */
const HOURS = { canalizar: 8, anotar: 3, responder: 3, validar: 12, reabrir: 20, gracias: 1 }

/** Parts of the plazo that the enlace's steps take in the middle; together they leave little of it. */
const PARTS = { recibir: 0.12, procesar: 0.2, concluir: 0.45, rendirse: 0.3 }
const OFFICE_DAY = 8

const partOf = ({ plazoDias }: Vida, step: keyof typeof PARTS) => Math.max(1, plazoDias * OFFICE_DAY * PARTS[step])

/** Decides from the petition's state and fate. */
export function nextOf(demo: Demo, vida: Vida): Next {
  const step = STEPS[vida.estado]?.(demo, vida)
  if (!step) return undefined
  const { act, hours } = step
  return { at: afterOfficeHours(demo.clock.now(), demo.random.spread(hours), demo.calendar), act }
}

type Step = { act(demo: Demo, vida: Vida): Promise<void>; hours: number } | undefined

const STEPS: Record<string, (demo: Demo, vida: Vida) => Step> = {
  // What was given back waits for the UAC, which does not always get to it.
  REGISTRADO: ({ random }) => (random.chance(0.15) ? undefined : { act: verbs.canalizar, hours: HOURS.canalizar }),
  CANALIZADO: (_, vida) => {
    if (vida.fate === 'nadie_la_abre') return undefined
    if (vida.fate === 'orientada') return { act: verbs.orientar, hours: partOf(vida, 'recibir') }
    if (vida.fate === 'cancelada') return { act: verbs.cancelar, hours: partOf(vida, 'rendirse') }
    return { act: verbs.recibir, hours: partOf(vida, 'recibir') }
  },
  RECIBIDO: (_, vida) => {
    if (vida.fate === 'devuelta' && vida.once('devolver'))
      return { act: verbs.devolver, hours: partOf(vida, 'recibir') }
    if (vida.fate === 'recanalizada' && vida.once('recanalizar'))
      return { act: verbs.recanalizar, hours: partOf(vida, 'rendirse') }
    return { act: verbs.procesar, hours: partOf(vida, 'procesar') }
  },
  PROCESO: ({ random }, vida) => {
    if (random.chance(0.14) && vida.once('anotar')) return { act: verbs.anotar, hours: HOURS.anotar }
    if (random.chance(0.14) && vida.once('responder')) return { act: verbs.responder, hours: HOURS.responder }
    if (vida.fate === 'se_atora') return undefined
    return { act: verbs.concluir, hours: partOf(vida, 'concluir') }
  },
  CONCLUIDO: (_, vida) => {
    if (vida.fate === 'rechazada' && vida.once('rechazar')) return { act: verbs.rechazar, hours: HOURS.validar }
    return { act: verbs.validar, hours: HOURS.validar }
  },
  VALIDADO: ({ random }, vida) => {
    if (vida.fate === 'reabierta' && vida.once('reabrir')) return { act: verbs.reabrir, hours: HOURS.reabrir }
    return vida.vecino && random.chance(0.3) && vida.once('gracias')
      ? { act: verbs.agradecer, hours: HOURS.gracias }
      : undefined
  },
}
