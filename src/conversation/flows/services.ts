import type { AvisosActivosServices } from './avisos-activos/services.ts'
import type { CercaniaServices } from './cercania/services.ts'
import type { SeguimientoServices } from './seguimiento/services.ts'
import type {
  BorradorPeticion,
  CategoriaVista,
  CodigoEscrito,
  ColoniaVista,
  FolioEscrito,
  GrupoVista,
  PeticionVista,
  Traido,
} from './vocabulary.ts'

/**
 * All that a flow may ask of the outside. Built over the current transaction by workflow, faked in transcripts.
 * Nothing here knows a channel; everything concerns the address whose turn it is.
 */
export interface Services extends SeguimientoServices, CercaniaServices, AvisosActivosServices {
  now(): Date
  /** All categories, in menu order; those that are `interna` are understood but never offered. */
  categorias(): CategoriaVista[]
  /** The menu of subjects, in order: at most 7. */
  grupos(): GrupoVista[]
  colonias(): ColoniaVista[]
  /**
   * Registers the draft in the transaction of this turn: exactly one petition however often it runs to commit. `desde` is since when it
   * was told here; what was said of it at another account, if it came from there, goes when nothing may lead to that one.
   */
  registrar(
    borrador: BorradorPeticion,
    desde?: Date,
  ): Promise<{ folio: string; clave: string; enlacePublico: string; plazoDias: number }>
  /**
   * The petitions of this address and, but for reserved ones, of those it follows by a code (never anonymous ones), newest first; then
   * those it joined, which are marked. At most `limit`.
   */
  misPeticiones(limit: number): Promise<PeticionVista[]>
  /** Another's petition: only with its key. The same undefined for an unknown folio and a wrong key; throttled per address. */
  consultar(folio: string, clave: string): Promise<PeticionVista | undefined>
  /** Reads a folio as typed; no look-up. */
  leerFolio(texto: string): FolioEscrito
  /** Reads a clave as typed, undefined when it cannot be one; no look-up. */
  leerClave(texto: string): string | undefined
  /** Stores version, time and channel of the acceptance. */
  aceptarAviso(version: string): Promise<void>
  /** Stops (or resumes) notices to this address. */
  avisos(quiere: boolean): Promise<void>
  /** Is it still to be asked whether notices may come here? Only where nobody is written to unasked. */
  faltaConsentimiento(): Promise<boolean>
  /** A code by which another account takes over the petition told since `borrador`, or only follows; undefined after too many. */
  crearCodigo(borrador: string | undefined): Promise<string | undefined>
  /** Uses a code up for this address, as `leerClave` read it. */
  usarCodigo(codigo: string): Promise<CodigoEscrito>
  /** It was not theirs: the code is of no more use, also to this address. */
  descartarCodigo(traspaso: number): Promise<void>
  /** Brings what a used code carries; with `unir` both addresses are the same person's from now on. undefined when it is gone. */
  traer(traspaso: number, como: { unir: boolean; desde: Date }): Promise<Traido | undefined>
  /** Counts that somebody was told whom to ask about what is not the municipality's; nothing of who asked is kept. */
  anotarOrientacion(categoria: string): Promise<void>
  /** Registers a request over personal data (derechos ARCO) with its own plazo, `derecho` being which of the four; gives its folio. */
  solicitarArco(descripcion: string, derecho: string | undefined): Promise<{ folio: string }>
}
