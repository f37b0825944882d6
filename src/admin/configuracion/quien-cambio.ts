import { isDeepStrictEqual } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import { type Cambio, type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import { type Publicacion, publicacionDe, ultimasVersiones } from '../../workflow/configuracion/versiones.ts'

/** As far back as it is looked for. */
const VERSIONES = 12

/** The publication that last changed what stands at the place of each change; undefined when it was long ago. */
export async function quienCambio(em: EntityManager, cambios: readonly Cambio[]): Promise<(Publicacion | undefined)[]> {
  const porDocumento = new Map<string, { publicacion: number; valor: Valor }[]>()
  for (const documento of new Set(cambios.map((one) => one.documento))) {
    const versiones = await ultimasVersiones(em, documento, VERSIONES)
    const leidas = versiones.map(({ publicacion, contenido }) => ({ publicacion, valor: valorDe(contenido) }))
    porDocumento.set(documento, leidas)
  }
  const halladas = cambios.map(({ documento, ruta }) => {
    const versiones = porDocumento.get(documento) ?? []
    const at = versiones.findIndex(({ valor }, i) => {
      const anterior = versiones[i + 1]
      return anterior && !isDeepStrictEqual(valorEn(valor, ruta), valorEn(anterior.valor, ruta))
    })
    return versiones[at]?.publicacion
  })
  return Promise.all(halladas.map((id) => (id === undefined ? undefined : publicacionDe(em, id))))
}
