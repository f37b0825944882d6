import type { Choosable } from '../../flow.ts'
import type { LugarDicho } from '../comprension/piezas.ts'
import type { Contexto, Movida, Paso } from '../mundo.ts'
import { type CosaDicha, campos } from './campos.ts'
import { elegir } from './elegir.ts'
import { nombradaEntre } from './nombrada.ts'

export type { CosaDicha }

/** Fields of the place that words told. */
export const camposDeLugarDicho = ({ colonia, coloniaEscrita, calle, numero, referencias }: LugarDicho) => ({
  ...(colonia && { colonia }),
  ...(coloniaEscrita && { coloniaEscrita }),
  ...(calle && { calle }),
  ...(numero && { numero }),
  ...(referencias && { referencias }),
})

const nombreDe = ({ categoria, texto }: CosaDicha, { services }: Contexto): string =>
  services.categorias().find(({ id }) => id === categoria)?.nombre ?? texto.slice(0, 40)

/** What is told of one problem: its own words, and the place of all when it names none. */
export function camposDeCosa({ texto }: CosaDicha, otras: readonly CosaDicha[], contexto: Contexto) {
  return {
    asunto: texto,
    descripcion: texto,
    ...camposDeLugarDicho(contexto.comprension().lugar(texto)),
    cosas: undefined,
    otras: otras.length > 0 ? otras : undefined,
  }
}

/** Several problems were told at once: with which to begin; the others wait. */
export const cosas: Paso = {
  id: 'cosas',
  when: (contexto) => campos(contexto).cosas !== undefined,
  filled: (contexto) => campos(contexto).cosas === undefined,
  ask: (contexto) => {
    const { mensajes } = contexto
    const dichas = campos(contexto).cosas ?? []
    const primera = dichas[0] ? nombreDe(dichas[0], contexto) : ''
    const options = dichas.map(
      (una, at): Choosable => ({
        id: String(at),
        label: nombreDe(una, contexto),
        ...(at === 0 && { words: mensajes.words('si') }),
      }),
    )
    const text = mensajes.text('registrar.cosas', { cuantas: dichas.length, primera })
    return { text, options: [...options, { id: 'una', label: mensajes.text('opciones.es_una_sola') }] }
  },
  read: async ({ option, text }, contexto): Promise<Movida> => {
    if (option === 'una') return { to: 'next', set: { cosas: undefined } }
    const dichas = campos(contexto).cosas ?? []
    const ofrecidas = dichas.map((una) => ({ id: una.categoria, una }))
    const elegida = option === undefined ? nombradaEntre(ofrecidas, text, contexto)?.una : dichas[Number(option)]
    if (!elegida) return { to: 'miss' }
    const otras = dichas.filter((una) => una !== elegida)
    // Its name was on the option: the category is confirmed by choosing it.
    const eleccion = await elegir(elegida.categoria, contexto)
    return { ...eleccion, to: 'next', set: { ...camposDeCosa(elegida, otras, contexto), ...eleccion.set } }
  },
}
