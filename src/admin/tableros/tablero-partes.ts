/** What the petitions are told apart by. */
export const DIMENSIONES = ['dependencia', 'categoria', 'colonia', 'medio', 'enlace'] as const
export type Dimension = (typeof DIMENSIONES)[number]

/** What can be added up of a set of petitions. */
export interface Sumas {
  recibidas: number
  pendientes: number
  resueltas: number
  no_resueltas: number
  reabiertas: number
  /** How many the citizen rated, and what they gave in all, from 1 to 5 each. */
  opinadas: number
  puntos: number
}

/** The petitions of one kind, received in one step of the trend when `conjunto` is `dia`: from the sums by day, or from the rows. */
export interface Parte extends Sumas {
  conjunto: Dimension | 'dia' | 'total'
  /** null: those that have none. */
  clave: string | null
  /** How a colonia was written. */
  escrita: string | null
  /** How many were answered in so many working days. */
  dias: Record<string, number> | null
}

/** Parts of one kind put together. */
export type Junta = Sumas & {
  conjunto: Parte['conjunto']
  clave: string | null
  escrita: string | null
  dias: Map<number, number>
}

/** Puts together what was summed apart: each conjunto and clave once. */
export function juntar(partes: readonly Parte[]): Junta[] {
  const all = new Map<string, Junta>()
  for (const parte of partes) {
    const key = `${parte.conjunto} ${parte.clave ?? ''}`
    const junta = all.get(key) ?? vacia(parte)
    all.set(key, junta)
    sumar(junta, parte)
  }
  return [...all.values()]
}

const vacia = ({ conjunto, clave }: Parte): Junta => ({
  conjunto,
  clave,
  escrita: null,
  recibidas: 0,
  pendientes: 0,
  resueltas: 0,
  no_resueltas: 0,
  reabiertas: 0,
  opinadas: 0,
  puntos: 0,
  dias: new Map(),
})

function sumar(junta: Junta, parte: Parte): void {
  junta.recibidas += parte.recibidas
  junta.pendientes += parte.pendientes
  junta.resueltas += parte.resueltas
  junta.no_resueltas += parte.no_resueltas
  junta.reabiertas += parte.reabiertas
  junta.opinadas += parte.opinadas
  junta.puntos += parte.puntos
  if (parte.escrita !== null && (junta.escrita === null || parte.escrita < junta.escrita)) junta.escrita = parte.escrita
  for (const [days, n] of Object.entries(parte.dias ?? {})) {
    junta.dias.set(Number(days), (junta.dias.get(Number(days)) ?? 0) + n)
  }
}

/** The fewest days within which this share (0 to 1) was answered; null when none was. */
export function enCuantosDias(dias: ReadonlyMap<number, number>, share: number): number | null {
  const inOrder = [...dias].sort(([a], [b]) => a - b)
  const all = inOrder.reduce((sum, [, n]) => sum + n, 0)
  let so = 0
  for (const [days, n] of inOrder) {
    so += n
    if (so >= share * all) return days
  }
  return null
}
