import type { Punto } from '../cercania/services.ts'
import type { Contexto, Paso } from '../mundo.ts'
import { opcion } from '../opciones.ts'
import { campos, categoriaDe } from '../registrar/campos.ts'
import { sueloDe } from './limites.ts'

const fotosDe = (contexto: Contexto): string[] =>
  (campos(contexto).adjuntos ?? []).filter(({ kind }) => kind === 'image' || kind === 'document').map(({ id }) => id)

/** Which photographs were looked at. */
const vistas = (contexto: Contexto): string => {
  const fotos = fotosDe(contexto)
  return `${fotos.length}:${fotos.at(-1)}`
}

/** While one is still being fetched it is looked at again as soon as something more was answered. */
const porAhora = (contexto: Contexto): string => {
  const { _: _own, fotoVista: _mark, ...dicho } = contexto.answers
  return `${vistas(contexto)}|${Object.keys(dicho).length}`
}

/** The place of a photograph, when it is ours; undefined also while it is not known. */
async function buscar(contexto: Contexto): Promise<{ punto: Punto | undefined; pendiente: boolean }> {
  const { punto, pendiente } = await contexto.services.lugarDeFotos(fotosDe(contexto))
  const nuestro = punto && sueloDe(contexto.limites, punto).kind === 'nuestro'
  return { punto: nuestro ? punto : undefined, pendiente }
}

/** A photograph tells where it was taken: offered as the place before anything is asked of it. */
export const lugarDeFoto: Paso = {
  id: 'lugar_de_foto',
  when: (contexto) =>
    campos(contexto).ubicacion === undefined &&
    (categoriaDe(contexto)?.ubicacion ?? 'no') !== 'no' &&
    fotosDe(contexto).length > 0,
  filled: (contexto) => [vistas(contexto), porAhora(contexto)].includes(campos(contexto).fotoVista ?? ''),
  prepare: async (contexto) => {
    const { punto, pendiente } = await buscar(contexto)
    if (punto) return {}
    return { fotoVista: pendiente ? porAhora(contexto) : vistas(contexto) }
  },
  ask: ({ mensajes }) => ({
    text: mensajes.text('foto.lugar'),
    options: [
      opcion(mensajes, 'usar_lugar_de_foto', mensajes.words('si')),
      opcion(mensajes, 'otro_lugar', mensajes.words('no')),
    ],
  }),
  read: async ({ option }, contexto) => {
    if (option === undefined) return { to: 'miss' }
    const { punto } = await buscar(contexto)
    const set = { fotoVista: vistas(contexto) }
    if (option !== 'usar_lugar_de_foto' || !punto) return { to: 'next', set }
    return { to: 'next', set: { ...set, ubicacion: punto, sinLugar: undefined } }
  },
}
