import type { Mensajes } from '../../mensajes.ts'
import { saysOnly } from '../../words.ts'
import { listaEscrita } from '../idioma/fechas.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import type { Requisito } from '../vocabulary.ts'
import { campoDeRequisito, campos, categoriaDe, textoDe } from './campos.ts'

const requisitosDe = (contexto: Contexto): Requisito[] => categoriaDe(contexto)?.requisitos ?? []

/** Those without which the petition cannot be registered and that are not here yet. */
export const pendientes = (contexto: Contexto): Requisito[] =>
  requisitosDe(contexto).filter(
    ({ id, obligatorio }) => obligatorio && textoDe(contexto, campoDeRequisito(id)) === undefined,
  )

const lista = (requisitos: readonly Requisito[], { mensajes }: Contexto) =>
  listaEscrita(
    requisitos.map(({ nombre }) => nombre),
    mensajes.locale,
  )

/** What is optional and not there is not asked twice. */
const sinObligatorios = (contexto: Contexto): string[] => {
  const obligatorios = new Set(requisitosDe(contexto).flatMap(({ id, obligatorio }) => (obligatorio ? [id] : [])))
  return (campos(contexto).faltan ?? []).filter((id) => !obligatorios.has(id))
}

/** Lays the petition aside until what is missing comes. */
const guardar = (contexto: Contexto): Movida => ({
  to: 'flow',
  flow: 'menu',
  answers: { algoMas: true },
  set: { faltan: sinObligatorios(contexto) },
  say: [contexto.mensajes.text('registrar.guardado', { lista: lista(pendientes(contexto), contexto) })],
})

/** Says at once what will be needed, before anybody answers ten questions in vain. */
export const requisitos: Paso = {
  id: 'requisitos',
  when: (contexto) => requisitosDe(contexto).length > 0,
  filled: (contexto) => campos(contexto).requisitosVistos === true,
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('registrar.requisitos', { lista: lista(requisitosDe(contexto), contexto) }),
      options: [
        opcion(mensajes, 'empezar', mensajes.words('si')),
        opcion(mensajes, 'guardar_despues', mensajes.words('no_lo_tengo')),
      ],
    }
  },
  read: ({ option }, contexto) => {
    if (option === 'guardar_despues' && pendientes(contexto).length > 0) return guardar(contexto)
    return option === undefined ? { to: 'miss' } : { to: 'next', set: { requisitosVistos: true } }
  },
}

/** One step for each requisito of the category. */
export const pasosDeRequisitos = (contexto: Contexto): Paso[] => requisitosDe(contexto).map(paso)

/** Not now, or not at all. */
const sinEl = (mensajes: Mensajes) => [
  ...mensajes.words('no_lo_tengo'),
  ...mensajes.words('omitir'),
  ...mensajes.words('guardar'),
]

function paso(requisito: Requisito): Paso {
  const { id, tipo, nombre, ayuda = '', obligatorio } = requisito
  const campo = campoDeRequisito(id)
  const documento = tipo === 'documento'
  const dato = obligatorio ? 'registrar.requisito_dato' : 'registrar.requisito_dato_opcional'
  const clave = documento ? 'registrar.requisito_documento' : dato
  return {
    id: campo,
    ...(documento ? { takes: ['media'] as const } : { freeText: true, digits: true }),
    label: () => nombre,
    filled: (contexto) => textoDe(contexto, campo) !== undefined || (campos(contexto).faltan ?? []).includes(id),
    ask: ({ mensajes }) => ({
      text: mensajes.text(clave, { nombre, ayuda }),
      ...(documento && {
        options: [opcion(mensajes, 'no_lo_tengo', sinEl(mensajes))],
      }),
    }),
    read: ({ option, files, text }, contexto) => {
      const { mensajes } = contexto
      const faltan = [...(campos(contexto).faltan ?? []), id]
      if (option === 'no_lo_tengo' || saysOnly(text, sinEl(mensajes))) return { to: 'next', set: { faltan } }
      const valor = documento ? files.map((file) => file.id).join(' ') : text
      if (valor === '') return { to: 'miss' }
      const say = documento ? [mensajes.text('registrar.requisito_recibido', { nombre })] : []
      return { to: 'next', set: { [campo]: valor }, say }
    },
  }
}

/** Something indispensable is not here: now or later, but not without it. */
export const faltantes: Paso = {
  id: 'faltantes',
  when: (contexto) => pendientes(contexto).length > 0,
  filled: () => false,
  ask: (contexto) => {
    const { mensajes } = contexto
    return {
      text: mensajes.text('registrar.faltantes', { lista: lista(pendientes(contexto), contexto) }),
      options: [
        opcion(mensajes, 'ya_los_tengo', mensajes.words('si')),
        opcion(mensajes, 'guardar_despues', mensajes.words('no_lo_tengo')),
      ],
    }
  },
  read: ({ option }, contexto) => {
    if (option === 'guardar_despues') return guardar(contexto)
    return option === undefined ? { to: 'miss' } : { to: 'next', set: { faltan: sinObligatorios(contexto) } }
  },
}
