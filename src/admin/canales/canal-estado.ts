import type { WhatsappState } from '../../channels/whatsapp/status.ts'
import { type AccountState, type TroubleCode, troubleOf } from '../../workflow/mensajes/account-state.ts'

/** How an account is doing, in a word that the views have a label for. */
export const ESTADOS = [
  'conectado',
  'conectando',
  'emparejando',
  'sin_vincular',
  'restringido',
  'detenido',
  'caido',
  'frenado',
  'sin_noticias',
] as const
export type EstadoDeCanal = (typeof ESTADOS)[number]

/** How it looks: well, in between, to be looked at, bad. */
export type Tono = 'bien' | 'nota' | 'ojo' | 'mal'

/** The state of an account as staff read it; `motivo` only when somebody has to do something. */
export interface Estado {
  estado: EstadoDeCanal
  tono: Tono
  desde: Date | null
  motivo: TroubleCode | undefined
  /** In the platform's words, for whoever repairs it. */
  detalle: string | null
}

const TONOS: Record<EstadoDeCanal, Tono> = {
  conectado: 'bien',
  conectando: 'nota',
  emparejando: 'ojo',
  sin_vincular: 'ojo',
  restringido: 'mal',
  detenido: 'mal',
  caido: 'mal',
  frenado: 'ojo',
  sin_noticias: 'nota',
}

const POR_MOTIVO: Partial<Record<TroubleCode, EstadoDeCanal>> = {
  restricted: 'restringido',
  banned: 'detenido',
  replaced: 'detenido',
  unreadable: 'detenido',
}

const DE_WHATSAPP: Record<WhatsappState, EstadoDeCanal> = {
  off: 'sin_noticias',
  connecting: 'conectando',
  waiting: 'conectando',
  pairing: 'emparejando',
  open: 'conectado',
  restricted: 'restringido',
  unlinked: 'sin_vincular',
  stopped: 'detenido',
}

/** The rows' facts as one state; what is wrong goes before what else is known. */
export function estadoDe(account: AccountState): Estado {
  const trouble = troubleOf(account)
  const estado = trouble
    ? (POR_MOTIVO[trouble.code] ?? (trouble.code === 'unlinked' ? sinVinculo(account) : 'caido'))
    : sinProblema(account)
  return {
    estado,
    tono: TONOS[estado],
    desde: trouble?.since ?? account.whatsapp?.since ?? account.since,
    motivo: trouble?.code,
    detalle: trouble?.detail ?? null,
  }
}

const sinVinculo = ({ whatsapp }: AccountState): EstadoDeCanal =>
  whatsapp?.state === 'pairing' ? 'emparejando' : 'sin_vincular'

function sinProblema({ channel, whatsapp, heldUntil, ok }: AccountState): EstadoDeCanal {
  if (channel === 'whatsapp') return DE_WHATSAPP[whatsapp?.state ?? 'off']
  if (channel === 'web-chat') return 'conectado'
  if (heldUntil) return 'frenado'
  return ok ? 'conectado' : 'sin_noticias'
}
