import { optionMeant } from '../../answer.ts'
import type { Choosable } from '../../flow.ts'
import { saysOnly } from '../../words.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { pagina } from './asunto.ts'
import { campos, categoriaDe } from './campos.ts'
import { opcionales } from './datos.ts'
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

/** May a way to be called be left, and none was? */
function sinContacto(contexto: Contexto): boolean {
  const { nombre, telefono, email } = campos(contexto)
  return opcionales(contexto).length > 0 && (nombre ?? telefono ?? email) === undefined
}

/** What nobody was asked for may still be sent. */
function puedeAgregar(contexto: Contexto): string[] {
  const { mensajes } = contexto
  const { rapida, adjuntos = [], anonima } = campos(contexto)
  const fotos = rapida === true && anonima !== true && adjuntos.length === 0 && categoriaDe(contexto)?.foto !== 'no'
  if (sinContacto(contexto)) return [mensajes.text(fotos ? 'registrar.puede_agregar' : 'registrar.puede_dejar_datos')]
  return fotos ? [mensajes.text('registrar.puede_mandar_fotos')] : []
}

const confirmar = (pasos: (contexto: Contexto) => Paso[]): Paso => ({
  id: 'resumen',
  filled: (contexto) => campos(contexto).confirmado === true,
  ask: (contexto) => {
    const { mensajes } = contexto
    const dejar = sinContacto(contexto)
    const pideTelefono = dejar && opcionales(contexto).includes('telefono')
    return {
      text: [resumen(contexto), ...puedeAgregar(contexto), mensajes.text('registrar.confirmar')].join('\n'),
      options: [
        opcion(mensajes, 'registrar', [...mensajes.words('si'), ...mensajes.words('registrar')]),
        opcion(mensajes, 'corregir', mensajes.words('corregir')),
        ...(dejar ? [opcion(mensajes, 'dejar_datos', mensajes.words('con_datos'))] : []),
        opcion(mensajes, 'cancelar'),
      ],
      ...(pideTelefono && { requestContact: mensajes.text('opciones.mandar_telefono') }),
    }
  },
  read: ({ option, text }, contexto) => {
    if (option === 'registrar') return { to: 'next', set: { confirmado: true } }
    if (option === 'corregir') return { to: 'step', step: 'corregir', set: { pagina: 0 } }
    if (option === 'dejar_datos') return { to: 'step', step: 'contacto' }
    if (option === 'cancelar') return { to: 'flow', flow: 'cancelar' }
    const { mensajes } = contexto
    const seQuitan = opcionales(contexto)
    if (seQuitan.length > 0 && saysOnly(text, [mensajes.text('opciones.sin_datos')], mensajes.words('relleno')))
      return {
        to: 'again',
        set: Object.fromEntries(seQuitan.map((dato) => [dato, undefined])),
        say: [mensajes.text('registrar.sin_contacto')],
      }
    if (sinContacto(contexto) && saysOnly(text, mensajes.words('omitir'), mensajes.words('relleno')))
      return { to: 'again', say: [mensajes.text('registrar.sin_contacto')] }
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
