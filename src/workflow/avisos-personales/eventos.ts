/** What a member of the staff is told of; the words for each are in the views. */
const EVENTOS = [
  'asignada',
  'por_vencer',
  'vencida',
  'escalada_titular',
  'escalada_uac',
  'comentario',
  'aclarada',
  'rechazada',
  'reabierta',
  'devuelta',
  'mencion',
  'pide_persona',
  'mensaje',
  'canal_caido',
] as const

export type Evento = (typeof EVENTOS)[number]

/** What does not wait for the next digest, unless somebody chose so: a person waits, or a term has passed. */
export const URGENTES: readonly Evento[] = [
  'vencida',
  'escalada_titular',
  'escalada_uac',
  'mencion',
  'pide_persona',
  'mensaje',
  'canal_caido',
]
