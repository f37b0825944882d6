import type { Choosable } from '../../flow.ts'
import { metrosEntre } from '../cercania/distancia.ts'
import type { Contexto, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { campos } from '../registrar/campos.ts'
import { etiquetaDeColonia, idDeColonia } from '../registrar/colonias.ts'
import type { ColoniaVista } from '../vocabulary.ts'

/** Metres from the middle of a colonia beyond which a pin is not taken to be in it, and how many are offered. */
const LEJOS = 1_500
const OFRECIDAS = 3

/** The colonias that the pin may be in, nearest first; none while the catalogue does not say where they are. */
function coloniasCercanas(contexto: Contexto): ColoniaVista[] {
  const { ubicacion } = campos(contexto)
  if (!ubicacion) return []
  return contexto.services
    .colonias()
    .flatMap((una) =>
      una.latitud === undefined || una.longitud === undefined
        ? []
        : [{ una, metros: metrosEntre(ubicacion, { latitud: una.latitud, longitud: una.longitud }) }],
    )
    .filter(({ metros }) => metros <= LEJOS)
    .sort((a, b) => a.metros - b.metros)
    .slice(0, OFRECIDAS)
    .map(({ una }) => una)
}

/** A pin was sent and the catalogue knows what lies there: its colonia is confirmed, and never demanded. */
export const coloniaDelPunto: Paso = {
  id: 'colonia_del_punto',
  when: (contexto) => {
    const { colonia, coloniaEscrita } = campos(contexto)
    return (colonia ?? coloniaEscrita) === undefined && coloniasCercanas(contexto).length > 0
  },
  filled: (contexto) => campos(contexto).sinColonia === true,
  ask: (contexto) => {
    const { mensajes } = contexto
    const todas = contexto.services.colonias()
    const [una, ...otras] = coloniasCercanas(contexto)
    const options = [una, ...otras].flatMap((cada, at): Choosable[] =>
      cada
        ? [
            {
              id: idDeColonia(cada),
              label: etiquetaDeColonia(cada, todas),
              ...(at === 0 && { words: mensajes.words('si') }),
            },
          ]
        : [],
    )
    const ninguna = opcion(mensajes, 'ninguna_colonia', [...mensajes.words('no'), ...mensajes.words('omitir')])
    const text =
      una && otras.length === 0
        ? mensajes.text('punto.colonia', { colonia: etiquetaDeColonia(una, todas) })
        : mensajes.text('punto.cual')
    return { text, options: [...options, ninguna] }
  },
  read: ({ option, text }, contexto) => {
    if (option === 'ninguna_colonia') return { to: 'next', set: { sinColonia: true } }
    const todas = contexto.services.colonias()
    const elegida = option === undefined ? undefined : todas.find((una) => idDeColonia(una) === option)
    if (elegida) return { to: 'next', set: { colonia: etiquetaDeColonia(elegida, todas) } }
    return /\p{L}{3}/u.test(text) ? { to: 'next', set: { coloniaEscrita: text } } : { to: 'miss' }
  },
}
