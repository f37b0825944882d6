import type { Cercana, CercaniaServices } from '../../conversation/flows/cercania/services.ts'

/** What others reported, as the conversation finds it. */
export interface CercaniaMemory {
  /** By category. */
  cercanas: { categoria: string; una: Cercana }[]
  /** Folios joined. */
  sumadas: string[]
}

/** Services about what others reported, kept in memory. */
export function memoryCercania(memory: CercaniaMemory): CercaniaServices {
  return {
    cercanas: async (categoria) => memory.cercanas.filter((one) => one.categoria === categoria).map(({ una }) => una),
    async sumarse(folio) {
      const una = memory.cercanas.find((one) => one.una.folio === folio)?.una
      if (una) memory.sumadas.push(folio)
      return una && una.vecinos + 1
    },
  }
}
