import type { Contexto, Movida, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { trasElFolio } from '../otra-cosa.ts'
import { campos, categoriaDe } from '../registrar/campos.ts'
import { camposDeLugarDicho } from '../registrar/cosas.ts'
import { type Suelo, sueloDe } from './limites.ts'

/** The category by which staff count what is a neighbour's. */
const FUERA = 'FUERA_VECINO'

const suelo = (contexto: Contexto): Suelo => {
  const { ubicacion } = campos(contexto)
  return ubicacion ? sueloDe(contexto.limites, ubicacion) : { kind: 'nuestro' }
}

const deEstePunto = (contexto: Contexto): string => {
  const { ubicacion } = campos(contexto)
  return `${ubicacion?.latitud},${ubicacion?.longitud}`
}

/** A place told in words takes the place of the pin. */
function enPalabras(text: string, contexto: Contexto): Movida | undefined {
  const dicho = camposDeLugarDicho(contexto.comprension().lugar(text))
  const lugar = dicho.colonia ?? dicho.coloniaEscrita ?? dicho.calle
  return lugar === undefined ? undefined : { to: 'next', set: { ...dicho, ubicacion: undefined } }
}

/** The pin is not ours: whom to ask, another place, or that it is ours after all, since maps err. */
export const fuera: Paso = {
  id: 'fuera',
  when: (contexto) => categoriaDe(contexto) !== undefined && suelo(contexto).kind !== 'nuestro',
  filled: (contexto) => campos(contexto).fueraVisto === deEstePunto(contexto),
  ask: (contexto) => {
    const { mensajes, entorno } = contexto
    const { municipio } = entorno
    const donde = suelo(contexto)
    const text =
      donde.kind === 'vecino'
        ? mensajes.text('fuera.vecino', { vecino: donde.nombre, municipio, a_quien: donde.aQuien })
        : mensajes.text('fuera.lejos', { municipio })
    return {
      text,
      options: [
        opcion(mensajes, 'otro_lugar', mensajes.words('corregir')),
        { id: 'si_es_aqui', label: mensajes.text('opciones.si_es_aqui', { municipio }), words: [municipio] },
        opcion(mensajes, 'no_reportarlo', mensajes.words('gracias')),
      ],
    }
  },
  read: async ({ option, location, text }, contexto): Promise<Movida> => {
    const { mensajes, services } = contexto
    if (location) {
      const { latitude: latitud, longitude: longitud } = location
      return { to: 'next', set: { ubicacion: { latitud, longitud } } }
    }
    if (option === 'si_es_aqui') return { to: 'next', set: { fueraVisto: deEstePunto(contexto) } }
    if (option === 'otro_lugar')
      return { to: 'step', step: 'lugar', set: { ubicacion: undefined }, say: [mensajes.text('fuera.otro_lugar')] }
    if (option !== 'no_reportarlo') return enPalabras(text, contexto) ?? { to: 'miss' }
    await services.anotarOrientacion(FUERA)
    const donde = suelo(contexto)
    const dicho =
      donde.kind === 'vecino'
        ? mensajes.text('fuera.orientado', { vecino: donde.nombre })
        : mensajes.text('fuera.orientado_lejos')
    return { ...trasElFolio(contexto), say: [dicho] }
  },
  takes: ['location'],
}
