import type { Opinion } from '../vocabulary.ts'

/** What may be done now to a petition of one's own. */
export interface Posibilidades {
  comentar: boolean
  retirar: boolean
  reabrir: boolean
  /** It was closed, and nobody said yet how it went. */
  opinar: boolean
}

/** What a citizen says about a petition: words, ids of files of this conversation, or both. */
export interface Dicho {
  texto: string
  archivos: readonly string[]
}

/** What can be asked of the outside once there is a folio: of one's own petitions, or of those one follows. Each false: not any more. */
export interface SeguimientoServices {
  /** undefined when it is not theirs. */
  posibilidades(folio: string): Promise<Posibilidades | undefined>
  comentar(folio: string, dicho: Dicho): Promise<boolean>
  /** The citizen withdraws it. */
  retirar(folio: string, motivo: string): Promise<boolean>
  reabrir(folio: string, motivo: string): Promise<boolean>
  /** Stores what they think of how it went; said again, it takes the place of what was said before. */
  opinar(folio: string, opinion: Opinion): Promise<boolean>
}
