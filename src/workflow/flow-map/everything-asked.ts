import type { ReplaySettings } from '../replay/play.ts'

const ALL_REQUIRED = {
  nombre: 'requerido',
  telefono: 'requerido',
  colonia: 'requerido',
  calle: 'requerido',
  numero: 'requerido',
  referencias: 'requerido',
  email: 'requerido',
} as const

/**
 * The settings with what config/ may ask for and need not: a subject for which every datum, a paper and a question of each kind are
 * required, and colonias of which it is known where they are. With them every question can be come to.
 */
export function everythingAsked(settings: ReplaySettings, subject = 'AGUA_FUGA'): ReplaySettings {
  const { catalogo } = settings
  return {
    ...settings,
    catalogo: {
      ...catalogo,
      categorias: catalogo.categorias.map((one) =>
        one.codigo === subject
          ? {
              ...one,
              datos: ALL_REQUIRED,
              requisitos: [
                { id: 'recibo', nombre: 'Recibo', tipo: 'documento' as const, obligatorio: true },
                { id: 'medidor', nombre: 'Número de medidor', tipo: 'dato' as const, obligatorio: true },
              ],
            }
          : one,
      ),
      colonias: catalogo.colonias.map((one, index) =>
        index < 3 ? { ...one, latitud: 22.3928 + index / 1000, longitud: -97.9403 } : one,
      ),
    },
  }
}
