import type { AnyChannel } from '../../channels/channel.ts'
import type { Palabras } from '../palabras.ts'

/** What decides whether a message of the staff may go to a conversation now. */
export interface EnVentana {
  channel: string
  account: string
  lastInboundAt: Date | null
}

const HOUR = 3600

/**
 * How long one may still write to a person by their channel, in words; undefined where the channel sets no time.
 * Meta's: 24 hours since the person last wrote; what staff write may go longer where the account was allowed to.
 */
export function ventanaEnPalabras(
  { lastInboundAt }: EnVentana,
  channel: Pick<AnyChannel, 'limits' | 'outsideWindow'> | undefined,
  now: Date,
  { t, duracion }: Palabras,
  canal: string,
): { abierta: boolean; texto: string } | undefined {
  const windowMs = channel?.limits.windowMs
  if (windowMs === undefined) return undefined
  const left = lastInboundAt ? (lastInboundAt.getTime() + windowMs - now.getTime()) / 1000 : 0
  if (left > 0) {
    const tiempo = duracion(left > HOUR ? Math.floor(left / HOUR) * HOUR : left)
    return { abierta: true, texto: t('ventana.abierta', { tiempo, canal }) }
  }
  const porPersona = channel?.outsideWindow?.({ id: '', to: '', message: { text: canal }, byStaff: true })
  return { abierta: porPersona !== undefined, texto: t(`ventana.${porPersona ? 'persona' : 'cerrada'}`, { canal }) }
}
