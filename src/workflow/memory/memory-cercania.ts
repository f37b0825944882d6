import type { AvisoActivo, AvisosActivosServices } from '../../conversation/flows/avisos-activos/services.ts'
import type { Cercana, CercaniaServices, Punto } from '../../conversation/flows/cercania/services.ts'
import type { PeticionVista } from '../../conversation/flows/vocabulary.ts'

/** What others reported, as the conversation finds it. */
export interface CercaniaMemory {
  /** By category. */
  cercanas: { categoria: string; una: Cercana }[]
  /** Folios joined. */
  sumadas: string[]
  /** Where photographs are said to have been taken. */
  lugarDeFotos?: Punto
  /** What staff published, how often it was heard, and ids of those whose end is to be told. */
  avisosActivos: { categoria: string; colonia?: string; aviso: AvisoActivo }[]
  oidos: number
  avisarAlTerminar: number[]
}

/** Others' petitions that were joined, as who joined sees them, newest first. */
export function sumadas({ sumadas, cercanas }: CercaniaMemory): PeticionVista[] {
  const deOtros = cercanas.map(({ una }) => una).filter(({ folio, propia }) => !propia && sumadas.includes(folio))
  return deOtros.toReversed().map(({ folio, asunto, estado, estadoTexto, registradaEl }) => ({
    folio,
    asunto,
    estado,
    estadoTexto,
    registradaEl,
    dependencia: null,
    ultimaNovedad: null,
    enlacePublico: null,
    sumada: true,
  }))
}

/** Services about what others reported, kept in memory. */
export function memoryCercania(memory: CercaniaMemory): CercaniaServices & AvisosActivosServices {
  return {
    avisoActivo: async (categoria, colonia) =>
      memory.avisosActivos.find(
        (one) => one.categoria === categoria && (one.colonia === undefined || one.colonia === colonia),
      )?.aviso,
    async anotarAvisoOido() {
      memory.oidos += 1
    },
    async avisarAlTerminar(id) {
      memory.avisarAlTerminar.push(id)
      return true
    },
    cercanas: async (categoria) => memory.cercanas.filter((one) => one.categoria === categoria).map(({ una }) => una),
    lugarDeFotos: async () => ({ punto: memory.lugarDeFotos, pendiente: false }),
    async sumarse(folio) {
      const una = memory.cercanas.find((one) => one.una.folio === folio)?.una
      if (una) memory.sumadas.push(folio)
      return una && una.vecinos + 1
    },
  }
}
