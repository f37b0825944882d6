import type { Estado } from '../vocabulary.ts'

/** A point, in degrees. */
export interface Punto {
  latitud: number
  longitud: number
}

/** Where something is, as far as it was said. */
export interface LugarDelReporte {
  ubicacion?: Punto | undefined
  colonia?: string | undefined
  calle?: string | undefined
}

/** An open petition of the same kind near by: nothing of whose it is, nor of what they wrote. */
export interface Cercana {
  folio: string
  /** The category's name. */
  asunto: string
  /** The state in the citizen's words. */
  estadoTexto: string
  estado: Estado
  registradaEl: Date
  /** Undefined when it is known by its street only. */
  metros?: number | undefined
  /** How many want it attended: who made it and those who joined. */
  vecinos: number
  /** It is this very address's. */
  propia: boolean
}

/** What a conversation may ask about what others reported already. */
export interface CercaniaServices {
  /** Open petitions of the category near that place, nearest first, at most three; never anonymous or reserved ones. */
  cercanas(categoria: string, lugar: LugarDelReporte): Promise<Cercana[]>
  /** Where the newest of these photographs of this conversation was taken, by its EXIF; `pendiente` while one is still being fetched. */
  lugarDeFotos(ids: readonly string[]): Promise<{ punto?: Punto | undefined; pendiente: boolean }>
  /** Follows another's petition from now on, once however often it is said: how many want it attended then; undefined when it is no longer open. */
  sumarse(folio: string): Promise<number | undefined>
}
