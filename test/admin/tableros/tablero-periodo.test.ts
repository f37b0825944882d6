import { describe, expect, it } from 'vitest'
import { anchoDe, pasosDe, periodoAnterior, periodoDe, tramoDe } from '../../../src/admin/tableros/tablero-periodo.ts'

const HOY = '2026-11-22'

describe('the period of a dashboard', () => {
  it.each([
    [{}, '2026-11-01', HOY],
    [{ del: '2026-12-01' }, '2026-12-01', '2026-12-01'],
    [{ al: '2026-02-10' }, '2026-02-01', '2026-02-10'],
    [{ del: '2026-10-31', al: '2026-10-01' }, '2026-10-01', '2026-10-31'],
    [{ del: '1900-01-01', al: '2026-10-31' }, '2023-10-30', '2026-10-31'],
  ])('of %j is from %s to %s', (asked, del, al) => {
    expect(periodoDe(asked, HOY)).toEqual({ del, al })
  })

  it.each([
    ['2026-11-01', HOY, '2026-10-01', '2026-10-22'],
    ['2026-10-01', '2026-10-31', '2026-09-01', '2026-09-30'],
    ['2026-03-01', '2026-03-30', '2026-02-01', '2026-02-28'],
    ['2026-11-16', HOY, '2026-11-09', '2026-11-15'],
  ])('from %s to %s is compared with %s to %s', (del, al, before, until) => {
    expect(periodoAnterior({ del, al })).toEqual({ del: before, al: until })
  })

  it('is cut into days, weeks or months that cover it exactly', () => {
    for (const [del, al, ancho, steps] of [
      ['2026-11-01', HOY, 'day', 22],
      ['2026-08-25', HOY, 'week', 13],
      ['2026-01-15', HOY, 'month', 11],
    ] as const) {
      const tramos = pasosDe({ del, al }, anchoDe({ del, al })).map((dia) => tramoDe(dia, ancho, { del, al }))
      expect([anchoDe({ del, al }), tramos.length, tramos.at(0)?.del, tramos.at(-1)?.al]).toEqual([
        ancho,
        steps,
        del,
        al,
      ])
    }
  })
})
