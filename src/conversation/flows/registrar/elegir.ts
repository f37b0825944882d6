import type { Contexto, Movida } from '../mundo.ts'
import { campos } from './campos.ts'

/** What choosing a category changes and says; that it is somebody else's is counted. */
export async function elegir(id: string, contexto: Contexto): Promise<Movida> {
  const { services, mensajes } = contexto
  const { quiereAnonima, anonima } = campos(contexto)
  const categoria = services.categorias().find((one) => one.id === id)
  if (!categoria) return { to: 'miss' }
  const { orientacion, aviso } = categoria
  const sinNombre = quiereAnonima === true && anonima === undefined && categoria.anonima
  if (orientacion !== undefined) await services.anotarOrientacion(id)
  return {
    to: 'next',
    set: {
      categoria: id,
      verTemas: undefined,
      tema: undefined,
      pagina: undefined,
      pista: undefined,
      evidente: undefined,
      llego: undefined,
      orientada: undefined,
      ...(sinNombre && { anonima: true }),
    },
    say: [orientacion, aviso, sinNombre ? mensajes.text('registrar.anonima_tomada') : undefined].filter(
      (text) => text !== undefined,
    ),
  }
}
