import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diaDe, diasHabilesEntre, diasInhabiles, esHabil, vencimiento } from '../../../src/workflow/peticion/plazo.ts'

const none = new Set<string>()
const at = (day: string, time = '12:00') => new Date(`${day}T${time}:00-06:00`)

const days = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
const off = fc
  .array(days, { maxLength: 40 })
  .map((dates) => new Set(dates.map((date) => date.toISOString().slice(0, 10))))

describe('a term in working days', () => {
  it.each([
    ['from a Monday, one day', '2026-11-23', 1, '2026-11-24'],
    ['from a Friday, one day', '2026-11-20', 1, '2026-11-23'],
    ['from a Saturday, one day', '2026-11-21', 1, '2026-11-23'],
    ['from a Sunday, five days', '2026-11-22', 5, '2026-11-27'],
    ['over the Revolution', '2026-11-13', 1, '2026-11-17'],
    ['over Christmas and New Year', '2026-12-24', 5, '2027-01-04'],
    ['over the handover of power', '2030-09-30', 1, '2030-10-02'],
  ])('%s', (_what, from, term, expected) => {
    expect(vencimiento(at(from), term, diasInhabiles(2026, 2031))).toBe(expected)
  })

  it("begins on the municipality's day, not on that of Greenwich", () => {
    expect(diaDe(at('2026-11-23', '23:30'))).toBe('2026-11-23')
    expect(vencimiento(at('2026-11-23', '23:30'), 1, none)).toBe('2026-11-24')
    expect(vencimiento(at('2026-11-24', '00:30'), 1, none)).toBe('2026-11-25')
  })

  it('has no daylight saving to trip over', () => {
    expect(vencimiento(at('2026-04-03', '23:59'), 1, none)).toBe('2026-04-06')
    expect(vencimiento(at('2026-10-23', '23:59'), 1, none)).toBe('2026-10-26')
  })

  it('ends on a working day, and takes as many working days as it was given', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 90 }), off, (from, term, inhabiles) => {
        const end = vencimiento(from, term, inhabiles)
        expect(esHabil(end, inhabiles)).toBe(true)
        expect(diasHabilesEntre(diaDe(from), end, inhabiles)).toBe(term)
      }),
      { numRuns: 50 },
    )
  })

  it('is never shortened by a day off', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 40 }), off, (from, term, inhabiles) => {
        expect(vencimiento(from, term, inhabiles) >= vencimiento(from, term, none)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it.each([0, -1, 1.5, Number.NaN, 5_000])('cannot be of %s days', (term) => {
    expect(() => vencimiento(at('2026-11-23'), term, none)).toThrow(RangeError)
  })
})

describe('working days between two dates', () => {
  it('count the last and not the first', () => {
    expect(diasHabilesEntre('2026-11-23', '2026-11-23', none)).toBe(0)
    expect(diasHabilesEntre('2026-11-23', '2026-11-30', none)).toBe(5)
    expect(diasHabilesEntre('2026-11-20', '2026-11-22', none)).toBe(0)
  })

  it('are negative when the term is over', () => {
    expect(diasHabilesEntre('2026-11-30', '2026-11-23', none)).toBe(-5)
  })
})

describe('days off', () => {
  it('are the obligatory ones, with Mondays in place of the old dates', () => {
    expect([...diasInhabiles(2026, 2026)]).toEqual([
      '2026-01-01',
      '2026-02-02',
      '2026-03-16',
      '2026-05-01',
      '2026-09-16',
      '2026-11-16',
      '2026-12-25',
    ])
  })

  it('have 1 October, and not 1 December, when the federal government changes', () => {
    expect(diasInhabiles(2030, 2030).has('2030-10-01')).toBe(true)
    expect(diasInhabiles(2030, 2030).has('2030-12-01')).toBe(false)
  })

  it("include the municipality's own days and periods", () => {
    const inhabiles = diasInhabiles(2026, 2027, ['2026-04-02'], [{ desde: '2026-12-30', hasta: '2027-01-02' }])
    for (const day of ['2026-04-02', '2026-12-30', '2026-12-31', '2027-01-02']) expect(inhabiles.has(day)).toBe(true)
    expect(inhabiles.has('2027-01-03')).toBe(false)
  })
})
