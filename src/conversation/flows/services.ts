import type { BorradorPeticion, CategoriaVista, ColoniaVista, PeticionVista } from './vocabulary.ts'

/**
 * All that a flow may ask of the outside. Built over the current transaction by workflow, faked in transcripts.
 * Nothing here knows a channel; everything concerns the address whose turn it is.
 */
export interface Services {
  now(): Date
  /** Categories a citizen may choose, in menu order. */
  categorias(): CategoriaVista[]
  colonias(): ColoniaVista[]
  /** Registers the draft in the transaction of this turn: exactly one petition however often it runs to commit. */
  registrar(
    borrador: BorradorPeticion,
  ): Promise<{ folio: string; clave: string; enlacePublico: string; plazoDias: number }>
  /** The petitions of this address (never anonymous ones), newest first, at most `limit`. */
  misPeticiones(limit: number): Promise<PeticionVista[]>
  /** Another's petition: only with its key. The same undefined for an unknown folio and a wrong key; throttled per address. */
  consultar(folio: string, clave: string): Promise<PeticionVista | undefined>
  /** Stores version, time and channel of the acceptance. */
  aceptarAviso(version: string): Promise<void>
  /** Stops (or resumes) notices to this address. */
  avisos(quiere: boolean): Promise<void>
  /** Registers a request over personal data (derechos ARCO) with its own plazo; gives its folio. */
  solicitarArco(descripcion: string): Promise<{ folio: string }>
}
