import { isDeepStrictEqual } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import { type Cambio, type Valor, valorDe, valorEn } from '../../workflow/configuracion/cambios.ts'
import { type Publicacion, publicacionDe, ultimasVersiones } from '../../workflow/configuracion/versiones.ts'

/** As far back as it is looked for. */
const VERSIONES = 12

/** Who left a place as it stands, and what stood there before. */
export interface Autoria {
  publicacion: Publicacion
  antes: Valor | undefined
}

/** The publication that last changed what stands at the place of each change; undefined when it was long ago. */
export async function quienCambio(em: EntityManager, cambios: readonly Cambio[]): Promise<(Autoria | undefined)[]> {
  const hallados = new Map<Cambio, { id: number; antes: Valor | undefined }>()
  for (const [documento, suyos] of Map.groupBy(cambios, (one) => one.documento)) {
    const versiones = await ultimasVersiones(em, documento, VERSIONES)
    let nueva: { publicacion: number; valor: Valor } | undefined
    // A document takes a while to read: no further back than needed.
    for (const { publicacion, contenido } of versiones) {
      const faltan = suyos.filter((one) => !hallados.has(one))
      if (faltan.length === 0) break
      const valor = valorDe(contenido)
      for (const one of nueva ? faltan : []) {
        const antes = valorEn(valor, one.ruta)
        if (nueva && !isDeepStrictEqual(valorEn(nueva.valor, one.ruta), antes))
          hallados.set(one, { id: nueva.publicacion, antes })
      }
      nueva = { publicacion, valor }
    }
  }
  return Promise.all(
    cambios.map(async (one) => {
      const hallado = hallados.get(one)
      const publicacion = hallado && (await publicacionDe(em, hallado.id))
      return hallado && publicacion && { publicacion, antes: hallado.antes }
    }),
  )
}
