import type { Atencion, Opinion } from '../vocabulary.ts'

/** What may be done now to a petition of one's own. */
export interface Posibilidades {
  /** They were asked something about it. */
  contestar: boolean
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

/** What the staff asks about a petition. */
export interface PreguntaAbierta {
  folio: string
  /** Says nothing of what it is about when the petition is reservada; then neither does `pregunta`. */
  asunto: string
  pregunta: string | undefined
  /** Who asks. */
  dependencia: string
  enlacePublico: string
}

/** A petition of theirs that was closed. */
export interface Cerrada {
  folio: string
  /** Says nothing of what it is about when the petition is reservada. */
  asunto: string
  /** Is it still time to open it again? */
  reabrir: boolean
}

/** What can be asked of the outside once there is a folio: of one's own petitions, or of those one follows. Each false: not any more. */
export interface SeguimientoServices {
  /** undefined when it is not theirs. */
  posibilidades(folio: string): Promise<Posibilidades | undefined>
  /** What waits for an answer of this person, oldest first. */
  preguntas(): Promise<PreguntaAbierta[]>
  contestar(folio: string, dicho: Dicho): Promise<boolean>
  comentar(folio: string, dicho: Dicho): Promise<boolean>
  /** The citizen withdraws it. */
  retirar(folio: string, motivo: string): Promise<boolean>
  /** Closed petitions that they may open again, or might have, the last closed first: also one of which only the notice came to them. */
  cerradas(): Promise<Cerrada[]>
  reabrir(folio: string, motivo: string): Promise<boolean>
  /** Do people of the staff attend now? Told to who asks for a person. */
  atencion(): Promise<Atencion>
  /** Do they wait for a person, and nobody took them yet? */
  esperaSola(): Promise<boolean>
  /** What to tell who writes while they wait and nobody attends, once each closing; undefined when nothing. */
  avisoDeEspera(): Promise<Atencion | undefined>
  /** Stores what they think of how it went; said again, it takes the place of what was said before. */
  opinar(folio: string, opinion: Opinion): Promise<boolean>
}
