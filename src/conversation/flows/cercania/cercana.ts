import { DateTime } from 'luxon'
import type { Choosable } from '../../flow.ts'
import { antesDe } from '../avisos.ts'
import { fechaEscrita } from '../idioma/fechas.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { trasElFolio } from '../otra-cosa.ts'
import { campos, categoriaDe } from '../registrar/campos.ts'
import type { Cercana } from './services.ts'

/** Which subject and place were compared with what is open: said anew, it is compared anew. */
function comparada(contexto: Contexto): string {
  const { categoria, ubicacion, colonia, calle } = campos(contexto)
  return [categoria, ubicacion?.latitud, ubicacion?.longitud, colonia, calle].join('|')
}

function buscar(contexto: Contexto): Promise<Cercana[]> {
  const { categoria = '', ubicacion, colonia, calle } = campos(contexto)
  return contexto.services.cercanas(categoria, { ubicacion, colonia, calle })
}

/** Who wants not to be known follows nothing, and what is reserved is never compared. */
function seCompara(contexto: Contexto): boolean {
  const categoria = categoriaDe(contexto)
  const { anonima, ubicacion, colonia, calle } = campos(contexto)
  const lugar = ubicacion !== undefined || ((colonia ?? '') !== '' && (calle ?? '') !== '')
  return lugar && anonima !== true && categoria !== undefined && !categoria.reservada && (categoria.cercaniaM ?? 0) > 0
}

const fechaDe = ({ registradaEl }: Cercana, { entorno, mensajes }: Contexto): string =>
  fechaEscrita(DateTime.fromJSDate(registradaEl, { zone: entorno.zona }), 'dia', mensajes.locale)

/** In tens: nobody knows it better. */
const enDecenas = (metros: number) => Math.max(10, Math.round(metros / 10) * 10)

function pregunta(una: Cercana, contexto: Contexto): string {
  const { mensajes } = contexto
  const { asunto, folio, estadoTexto: estado, metros } = una
  if (una.propia) return mensajes.text('cerca.propia', { asunto, folio, estado })
  const fecha = fechaDe(una, contexto)
  if (metros === undefined) return mensajes.text('cerca.una_calle', { asunto, fecha, estado })
  return mensajes.text('cerca.una_metros', { asunto, metros: enDecenas(metros), fecha, estado })
}

function etiqueta(una: Cercana, contexto: Contexto): string {
  const { mensajes } = contexto
  const fecha = fechaDe(una, contexto)
  if (una.propia) return mensajes.text('cerca.opcion_propia', { fecha })
  if (una.metros === undefined) return mensajes.text('cerca.opcion_calle', { fecha })
  return mensajes.text('cerca.opcion_metros', { metros: enDecenas(una.metros), fecha })
}

/** What is open near by, of which the citizen's may be one: to join it, or to make another. */
export const cercana: Paso = {
  id: 'cercana',
  when: seCompara,
  filled: (contexto) => campos(contexto).comparada === comparada(contexto),
  prepare: async (contexto) => ((await buscar(contexto)).length === 0 ? { comparada: comparada(contexto) } : {}),
  ask: async (contexto) => {
    const { mensajes } = contexto
    const halladas = await buscar(contexto)
    const [una, ...otras] = halladas
    const no = opcion(mensajes, 'es_otro_problema', [...mensajes.words('no'), ...mensajes.words('otra')])
    if (!una) return { text: mensajes.text('cerca.ya_no'), options: [no] }
    if (otras.length === 0) {
      const si = [...mensajes.words('si'), ...mensajes.words('mismo')]
      const suma = una.propia ? opcion(mensajes, 'es_la_mia', si) : opcion(mensajes, 'sumarme', si)
      return { text: pregunta(una, contexto), options: [{ ...suma, id: una.folio }, no] }
    }
    const options = halladas.map((cada): Choosable => ({ id: cada.folio, label: etiqueta(cada, contexto) }))
    const text = mensajes.text('cerca.varias', { asunto: una.asunto, cuantas: halladas.length })
    return { text, options: [...options, no] }
  },
  read: async ({ option }, contexto): Promise<Movida> => {
    if (option === undefined) return { to: 'miss' }
    const otra: Movida = { to: 'next', set: { comparada: comparada(contexto) } }
    if (option === 'es_otro_problema') return otra
    const elegida = (await buscar(contexto)).find(({ folio }) => folio === option)
    return (elegida && (await unirse(elegida, contexto))) ?? { ...otra, say: [contexto.mensajes.text('cerca.ya_no')] }
  },
}

/** undefined when it was closed in this very moment. */
async function unirse({ folio, propia }: Cercana, contexto: Contexto): Promise<Movida | undefined> {
  const { mensajes, services } = contexto
  if (propia) return { ...trasElFolio(contexto), say: [mensajes.text('cerca.ya_era_suyo', { folio })] }
  const vecinos = await services.sumarse(folio)
  if (vecinos === undefined) return undefined
  const luego = await antesDe(trasElFolio(contexto), contexto)
  return {
    ...luego,
    say: [mensajes.text(luego.flow === 'avisos' ? 'cerca.sumado' : 'cerca.sumado_con_avisos', { folio, vecinos })],
  }
}
