import type { Answers, Draft } from '../state.ts'

// The domain's words as the flows see them; workflow's tables give these views.

/** The states of a petition, in the order of the manual. */
export const ESTADOS = [
  'REGISTRADO',
  'CANALIZADO',
  'RECIBIDO',
  'PROCESO',
  'CONCLUIDO',
  'VALIDADO',
  'ORIENTADA',
  'CANCELADO',
] as const

export type Estado = (typeof ESTADOS)[number]

/** Whether a datum is asked. */
export type Exigencia = 'requerido' | 'opcional' | 'no'

export type DatoGeneral = 'nombre' | 'telefono' | 'colonia' | 'calle' | 'numero' | 'referencias' | 'email'

/** An extra question of a category. */
export interface Pregunta {
  id: string
  texto: string
  tipo: 'opcion' | 'texto' | 'numero' | 'si_no' | 'fecha'
  /** What is kept of each choice; also what is shown, unless there are `etiquetas`. */
  opciones?: string[] | undefined
  /** What is shown of each choice in another language, in the same order. */
  etiquetas?: string[] | undefined
  obligatoria: boolean
  /** Asked also of who told all at once in the first message. */
  siempre?: boolean | undefined
}

/** A document or datum that a trámite needs. */
export interface Requisito {
  id: string
  nombre: string
  ayuda?: string | undefined
  tipo: 'documento' | 'dato'
  obligatorio: boolean
}

/** A category as the citizen's side knows it. */
export interface CategoriaVista {
  id: string
  nombre: string
  /** Its name in Spanish, for the staff, where `nombre` is in another language. */
  nombreOficial?: string | undefined
  grupo: string
  palabras: string[]
  frecuente: boolean
  interna: boolean
  /** Says only that it is not the municipality's: nobody is offered it among subjects, and who surely tells of it is told whom to ask. */
  generica?: true | undefined
  ubicacion: 'requerida' | 'opcional' | 'no'
  foto: 'recomendada' | 'opcional' | 'no'
  /** Whether the description is asked; 'no' where the details are told in person only. Absent means 'requerida'. */
  descripcion?: 'requerida' | 'opcional' | 'no' | undefined
  /** Said when the category is chosen, before its questions. */
  aviso?: string | undefined
  anonima: boolean
  reservada: boolean
  plazoDias: number
  /** Metres within which an open petition may be about the same; absent or 0: never compared. */
  cercaniaM?: number | undefined
  dependencia: string
  /** Set when it is not the municipality's: whom to ask. */
  orientacion?: string | undefined
  preguntas: Pregunta[]
  datos: Partial<Record<DatoGeneral, Exigencia>>
  requisitos: Requisito[]
}

/** A group of categories, as the menu of subjects shows it. */
export interface GrupoVista {
  id: string
  nombre: string
}

export interface ColoniaVista {
  nombre: string
  cp: string
  zona: string
  /** Its middle, where the catalogue says it. */
  latitud?: number | undefined
  longitud?: number | undefined
}

/** What is handed in to be registered. */
export interface BorradorPeticion {
  categoria: string
  descripcion: string
  ubicacion?: { latitud: number; longitud: number } | undefined
  datos: Partial<Record<DatoGeneral, string>>
  respuestas: Record<string, string>
  /** By requisito id: the datum, or the ids of the attachments. */
  requisitos: Record<string, string>
  /** Ids of the attachments that came with it: photos, videos, voice notes, documents. */
  fotos: string[]
  anonima: boolean
}

/** What a citizen may see of a petition. */
export interface PeticionVista {
  folio: string
  /** Says nothing of what it is about when the petition is reservada. */
  asunto: string
  estado: Estado
  /** The state in the citizen's words. */
  estadoTexto: string
  dependencia: string | null
  registradaEl: Date
  /** Until when it is to be attended to; ISO date. Unknown to a talk in memory. */
  venceEl?: string
  /** null also of one that was only joined: what was written was for who made it. */
  ultimaNovedad: string | null
  /** null of one that was only joined: its page is of who made it. */
  enlacePublico: string | null
  /** Another's, which this address joined; nothing may be done with it. */
  sumada?: true
}

/** Whether people of the staff attend now; when they do not, the next day they do (ISO date) and in how many days that is. */
export type Atencion = { abierto: true } | { abierto: false; fecha: string; faltan: number }

/** Why somebody is not content with how their petition was attended. */
export const MOTIVOS = ['sin_hacer', 'mal_hecho', 'volvio', 'tardanza', 'otro'] as const

/** What a citizen thinks of how their petition was attended. */
export interface Opinion {
  resuelto: boolean
  /** 1 (very bad) to 5 (very good). */
  calificacion?: number | undefined
  motivo?: (typeof MOTIVOS)[number] | undefined
  /** In their own words. */
  comentario?: string | undefined
}

/** What a typed code is: good (and used up for this address), this very account's, of no use, or one too many. */
export type CodigoEscrito =
  | {
      kind: 'valido'
      traspaso: number
      /** Where it was given, as citizens call it. */
      canal: string
      /** The unfinished petition it carries, as it is there. */
      borrador?: Pick<Draft, 'flow' | 'flowVersion' | 'answers'>
    }
  | { kind: 'propio' | 'no_vale' | 'espere' }

/** What came from another account. */
export interface Traido {
  borrador?: Answers
  /** Of the privacy notice, as accepted here or there. */
  avisoVersion: string | null
}

/** What a person typed as a folio: its one true form, one with a mistyped digit, or none at all. */
export type FolioEscrito = { kind: 'folio'; folio: string } | { kind: 'digito_incorrecto' } | { kind: 'no_es_folio' }
