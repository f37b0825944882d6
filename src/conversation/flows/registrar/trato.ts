import type { Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { campos, categoriaDe } from './campos.ts'

/** Whom to ask was said when the category was chosen. */
const orientacion: Paso = {
  id: 'orientacion',
  when: (contexto) => categoriaDe(contexto)?.orientacion !== undefined,
  filled: (contexto) => campos(contexto).orientada === true,
  ask: ({ mensajes }) => ({
    text: mensajes.text('registrar.orientacion_fin'),
    options: [
      opcion(mensajes, 'entendido', [...mensajes.words('si'), ...mensajes.words('gracias')]),
      opcion(mensajes, 'otra_cosa', mensajes.words('otra')),
      opcion(mensajes, 'registrar_igual', mensajes.words('no')),
    ],
  }),
  read: ({ option }) => {
    if (option === 'entendido') return { to: 'flow', flow: 'menu', answers: { algoMas: true }, drop: true }
    if (option === 'otra_cosa') return { to: 'next', set: { categoria: undefined, verTemas: true } }
    return option === undefined ? { to: 'miss' } : { to: 'next', set: { orientada: true } }
  },
}

/** A change of subject may take away what was promised. */
const sinAnonimato: Paso = {
  id: 'sin_anonimato',
  when: (contexto) => campos(contexto).anonima === true && categoriaDe(contexto)?.anonima === false,
  filled: () => false,
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('registrar.sin_anonimato', { categoria: categoriaDe(contexto)?.nombre ?? '' }),
      options: [opcion(mensajes, 'si', mensajes.words('si')), opcion(mensajes, 'otra_cosa', mensajes.words('no'))],
    }
  },
  read: ({ option }) => {
    if (option === 'si') return { to: 'next', set: { anonima: false } }
    return option === undefined ? { to: 'miss' } : { to: 'next', set: { categoria: undefined, verTemas: true } }
  },
}

const anonima: Paso = {
  id: 'anonima',
  label: ({ mensajes }) => mensajes.text('campo.anonima'),
  when: (contexto) => categoriaDe(contexto)?.anonima === true,
  filled: (contexto) => campos(contexto).anonima !== undefined,
  ask: ({ mensajes, telefonos }) => ({
    text: mensajes.text('registrar.anonima', { denuncia: telefonos.denuncia }),
    options: [
      opcion(mensajes, 'con_datos', mensajes.words('con_datos')),
      opcion(mensajes, 'anonimo', mensajes.words('anonimo')),
    ],
  }),
  read: ({ option }) =>
    option === undefined ? { to: 'miss' } : { to: 'next', set: { anonima: option === 'anonimo' } },
}

/** How the petition is going to be treated. */
export const pasosDeTrato = [orientacion, sinAnonimato, anonima] as const
