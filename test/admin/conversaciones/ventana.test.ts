import { describe, expect, it } from 'vitest'
import { ventanaEnPalabras } from '../../../src/admin/conversaciones/ventana.ts'
import { createPalabras } from '../../../src/admin/palabras.ts'

const now = new Date('2026-11-22T18:00:00Z')
const palabras = createPalabras('America/Mexico_City', () => now)
const limits = {
  text: 1000,
  caption: 1000,
  options: 'numbered' as const,
  rate: 0,
  conversationPause: 0,
  quiet: 0,
  idempotentSend: false,
}
const dia = { ...limits, windowMs: 86_400_000 }
const words = (minutesAgo: number | undefined, channel: Parameters<typeof ventanaEnPalabras>[1]) =>
  ventanaEnPalabras(
    {
      channel: 'messenger',
      account: 'default',
      lastInboundAt: minutesAgo === undefined ? null : new Date(now.getTime() - minutesAgo * 60_000),
    },
    channel,
    now,
    palabras,
    'Messenger',
  )

describe('how long one may still write to a person', () => {
  it.each([
    [20 * 60 + 30, 'Quedan 3 horas para escribirle por Messenger.'],
    [23 * 60 + 40, 'Quedan 20 minutos para escribirle por Messenger.'],
    [0, 'Quedan 24 horas para escribirle por Messenger.'],
  ])('is told in words %i minutes after they wrote', (ago, texto) => {
    expect(words(ago, { limits: dia })).toEqual({ abierta: true, texto })
  })

  it('is over after the window, and for who never wrote', () => {
    for (const ago of [24 * 60, 3000, undefined]) {
      expect(words(ago, { limits: dia })?.texto).toContain('No le llegará nada hasta que la persona vuelva a escribir')
    }
  })

  it('goes on for what staff write where the account may', () => {
    const outsideWindow = ({ byStaff }: { byStaff?: true }) => (byStaff ? async () => ({ providerId: 'x' }) : undefined)
    expect(words(3000, { limits: dia, outsideWindow })).toEqual({
      abierta: true,
      texto: expect.stringContaining('lo que usted le escriba todavía puede salir'),
    })
  })

  it('is not told where the channel sets no time', () => {
    expect(words(3000, { limits })).toBeUndefined()
    expect(words(3000, undefined)).toBeUndefined()
  })
})
