import type { Archivo, MovimientoDetallado } from './detalle-consulta.ts'

/** Pictures to compare: those of the citizen, and those of the answer that stands now. */
export interface Fotos {
  antes: Archivo[]
  despues: Archivo[]
}

/** Pictures of an answer that was sent back stay in the history, and are not compared. */
export function antesYDespues(
  archivos: readonly Archivo[],
  movimientos: readonly Pick<MovimientoDetallado, 'id' | 'verbo'>[],
): Fotos {
  const concluida = movimientos.findLast(({ verbo }) => verbo === 'concluir')?.id
  const fotos = archivos.filter(({ miniatura, status }) => miniatura && status === 'stored')
  return {
    antes: fotos.filter(({ uso }) => uso === 'evidencia'),
    despues: fotos.filter(
      ({ uso, movimientoId }) => uso === 'respuesta' && concluida !== undefined && movimientoId === concluida,
    ),
  }
}
