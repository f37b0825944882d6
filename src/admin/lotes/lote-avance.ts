import type { Lote, Resultado } from '../../workflow/lotes/lote.ts'
import type { Panel } from '../deps.ts'

/** Petitions of one outcome. */
export interface Grupo {
  codigo: string
  folios: string[]
}

/** How far an act on many petitions is, for its page. */
export interface Avance {
  lote: Lote
  total: number
  hechas: number
  /** What stood in the way, and of which. */
  fallas: Grupo[]
  /** Done with, one way or another. */
  listas: number
  termino: boolean
  /** Taking it back: how many were, and what stood in the way of the others. */
  devueltas: number
  sinVuelta: Grupo[]
  /** May it still be taken back, and for how many minutes? */
  minutos: number
}

/** Counts what became of each. */
export function avanceDe(lote: Lote, resultados: readonly Resultado[], { now }: Pick<Panel, 'now'>): Avance {
  const hechas = resultados.filter(({ resultado }) => resultado === 'hecha')
  const vueltas = hechas.filter(({ vuelta }) => vuelta !== null)
  const haciendo = resultados.filter(({ resultado }) => resultado !== null)
  const left = lote.deshacerHasta.getTime() - now().getTime()
  return {
    lote,
    total: resultados.length,
    hechas: hechas.length,
    fallas: gruposDe(resultados.map(({ folio, resultado }) => [folio, resultado])),
    listas: lote.deshechoAt ? vueltas.length : haciendo.length,
    termino: haciendo.length === resultados.length && (!lote.deshechoAt || vueltas.length === hechas.length),
    devueltas: hechas.filter(({ vuelta }) => vuelta === 'hecha').length,
    sinVuelta: gruposDe(hechas.map(({ folio, vuelta }) => [folio, vuelta])),
    minutos: lote.deshechoAt || hechas.length === 0 ? 0 : Math.max(0, Math.ceil(left / 60_000)),
  }
}

function gruposDe(pares: [folio: string, codigo: string | null][]): Grupo[] {
  const by = Map.groupBy(pares, ([, codigo]) => codigo)
  return [...by].flatMap(([codigo, all]) =>
    codigo === null || codigo === 'hecha' ? [] : [{ codigo, folios: all.map(([folio]) => folio) }],
  )
}
