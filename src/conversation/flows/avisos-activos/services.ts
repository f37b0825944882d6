/** What staff know already and tell before anybody reports it: "Corte de agua en … ". */
export interface AvisoActivo {
  id: number
  /** In the words of who published it. */
  texto: string
  hasta: Date
}

/** What a conversation may ask about what staff published. */
export interface AvisosActivosServices {
  /** What is published now about the category there, the longest to come; `colonia` as far as it is known. */
  avisoActivo(categoria: string, colonia: string | undefined): Promise<AvisoActivo | undefined>
  /** Counts that somebody was told of it who wanted to report it; not who. */
  anotarAvisoOido(id: number): Promise<void>
  /** Tells this address when it ends, once however often it is asked; false when it ended meanwhile. */
  avisarAlTerminar(id: number): Promise<boolean>
}
