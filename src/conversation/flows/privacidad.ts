import { volver } from './menu.ts'
import type { Contexto, Conversacion, Movida, Paso } from './mundo.ts'
import { opcion } from './opciones.ts'

/** The longest request, in characters. */
const LARGO = 1500

const DERECHOS = ['acceso', 'rectificacion', 'cancelacion', 'oposicion'] as const

const derecho: Paso = {
  id: 'derecho',
  ask: ({ mensajes, entorno }) => ({
    text: mensajes.text('privacidad.pregunta', { enlace: entorno.aviso.enlace }),
    options: [...DERECHOS.map((one) => opcion(mensajes, one)), opcion(mensajes, 'menu')],
  }),
  read: ({ option }) => {
    if (option === 'menu') return { to: 'flow', flow: 'menu' }
    return option === undefined ? { to: 'miss' } : { to: 'next', set: { derecho: option } }
  },
}

const detalle: Paso = {
  id: 'detalle',
  freeText: true,
  ask: ({ mensajes }) => ({ text: mensajes.text('privacidad.detalle') }),
  read: ({ text }, { mensajes }) => {
    if (!/\p{L}{2}/u.test(text)) return { to: 'miss' }
    return text.length > LARGO
      ? { to: 'miss', because: mensajes.text('general.demasiado_largo', { maximo: LARGO }) }
      : { to: 'next', set: { detalle: text } }
  },
}

async function solicitar(contexto: Contexto): Promise<Movida> {
  const { mensajes, services, answers } = contexto
  const pedido = DERECHOS.find((one) => one === answers.derecho)
  const titulo = pedido ? mensajes.text(`opciones.${pedido}`) : ''
  const { folio } = await services.solicitarArco(`${titulo}: ${String(answers.detalle ?? '')}`, pedido)
  const say = [
    { text: mensajes.text('privacidad.registrada', { folio }) },
    mensajes.text('privacidad.registrada_plazo'),
  ]
  return { ...volver(contexto), say }
}

/** The derechos ARCO; the notice need not be accepted to use them. */
export const privacidad = {
  version: 1,
  steps: [derecho, detalle],
  title: ({ answers, mensajes }) => (answers.derecho === undefined ? undefined : mensajes.text('titulo.privacidad')),
  finish: solicitar,
} satisfies Conversacion
