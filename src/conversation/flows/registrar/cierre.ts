import { optionMeant } from '../../answer.ts'
import type { Choosable } from '../../flow.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { pagina } from './asunto.ts'
import { campos } from './campos.ts'
import { resumen } from './resumen.ts'

/** The summary, and the correction of any one of `pasos`, the flow's other steps. */
export function pasosDeCierre(pasos: (contexto: Contexto) => Paso[]): Paso[] {
  return [confirmar(pasos), corregir(pasos)]
}

const corregibles = (pasos: readonly Paso[], contexto: Contexto): Choosable[] =>
  pasos.flatMap(({ id, label, when }) => (label && (when?.(contexto) ?? true) ? [{ id, label: label(contexto) }] : []))

/** What the citizen says is wrong, when it can be told. */
function nombrado(text: string, pasos: readonly Paso[], contexto: Contexto): Movida {
  const { mensajes } = contexto
  const relleno = [...mensajes.words('relleno'), ...mensajes.words('corregir')]
  const step = optionMeant(text, corregibles(pasos, contexto), relleno)
  return step === undefined ? { to: 'miss' } : { to: 'step', step }
}

/** Who was asked neither for pictures nor for a telephone may still send them. */
function seguirAgregando(contexto: Contexto): boolean {
  const { rapida, adjuntos = [], telefono, anonima } = campos(contexto)
  return rapida === true && anonima !== true && adjuntos.length === 0 && telefono === undefined
}

const confirmar = (pasos: (contexto: Contexto) => Paso[]): Paso => ({
  id: 'resumen',
  filled: (contexto) => campos(contexto).confirmado === true,
  ask: (contexto) => {
    const { mensajes } = contexto
    const mas = seguirAgregando(contexto) ? [mensajes.text('registrar.puede_agregar')] : []
    return {
      text: [resumen(contexto), ...mas, mensajes.text('registrar.confirmar')].join('\n'),
      options: [
        opcion(mensajes, 'registrar', [...mensajes.words('si'), ...mensajes.words('registrar')]),
        opcion(mensajes, 'corregir', mensajes.words('corregir')),
        opcion(mensajes, 'cancelar'),
      ],
    }
  },
  read: ({ option, text }, contexto) => {
    if (option === 'registrar') return { to: 'next', set: { confirmado: true } }
    if (option === 'corregir') return { to: 'step', step: 'corregir', set: { pagina: 0 } }
    if (option === 'cancelar') return { to: 'flow', flow: 'cancelar' }
    return nombrado(text, pasos(contexto), contexto)
  },
})

const corregir = (pasos: (contexto: Contexto) => Paso[]): Paso => ({
  id: 'corregir',
  aside: true,
  filled: () => false,
  ask: (contexto) => {
    const { mensajes } = contexto
    const { estas, siguiente } = pagina(corregibles(pasos(contexto), contexto), campos(contexto).pagina ?? 0)
    const mas = siguiente === undefined ? [] : [opcion(mensajes, 'ver_mas')]
    return { text: mensajes.text('registrar.corregir'), options: [...estas, ...mas] }
  },
  read: ({ option, text }, contexto) => {
    const todos = pasos(contexto)
    if (option === undefined) return nombrado(text, todos, contexto)
    if (option !== 'ver_mas') return { to: 'step', step: option }
    const { siguiente = 0 } = pagina(corregibles(todos, contexto), campos(contexto).pagina ?? 0)
    return { to: 'again', set: { pagina: siguiente } }
  },
})
