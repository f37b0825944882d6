import type { PublicKind, PublicRefusal } from '../../channels/public-post.ts'
import type { SendErrorCode } from '../../channels/send-error.ts'

/** What staff may do with something said in public. */
export const ACTOS = [
  'responder',
  'invitar',
  'privado',
  'ocultar',
  'mostrar',
  'borrar',
  'atender',
  'reabrir',
  'capturar',
] as const
export type Acto = (typeof ACTOS)[number]

/** How an act stands: under way, done, refused, or nobody knows whether it happened. */
export type EstadoDeActo = 'en_curso' | 'hecho' | 'fallido' | 'ambiguo'

/** Why an act was not even begun; the words for it are in the views. */
export type MotivoDeRechazo =
  | 'no_existe'
  | 'borrado'
  | 'apagado'
  | 'no_se_puede'
  | 'falta'
  | 'largo'
  | 'privado_ya'
  | 'privado_tarde'
  | 'duda'
  | 'conflicto'
  | 'sin_respuesta'

/** An act that was refused; nothing was changed. */
export class ActoRechazado extends Error {
  readonly motivo: MotivoDeRechazo

  constructor(motivo: MotivoDeRechazo) {
    super(motivo)
    this.name = 'ActoRechazado'
    this.motivo = motivo
  }
}

/** What the platform said against it; the words for it are in the views. */
export type ErrorDeActo = PublicRefusal | SendErrorCode | 'no_salio'

/** A comment as the verbs need it; the row is locked. */
export interface Comentario {
  id: number
  channel: string
  account: string
  externalId: string
  kind: PublicKind
  postId: string | null
  autor: string | null
  autorId: string | null
  texto: string | null
  permalink: string | null
  postPermalink: string | null
  publicadoAt: Date
  borradoAt: Date | null
  addressId: number | null
  peticionId: number | null
}

/** Days in which Meta lets a comment be answered in private, once. */
export const DIAS_PARA_PRIVADO = 7

/** Seconds after which a call under way must have ended; who made it has died. */
export const PLAZO_DE_LLAMADA = 60
