import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { damm } from '../../../src/workflow/peticion/damm.ts'
import {
  ALFABETO_CLAVE,
  formatFolio,
  generarClave,
  parseClave,
  parseFolio,
} from '../../../src/workflow/peticion/folio.ts'

const partes = fc.record({
  prefijo: fc.constantFrom('UAC', 'AC', 'ALTAMI'),
  anio: fc.integer({ min: 2000, max: 2099 }),
  secuencia: fc.oneof(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 99_999_999 })),
})

function digitsOf(folio: string): { prefix: string; digits: string } {
  const [prefix = '', ...rest] = folio.split('-')
  return { prefix, digits: rest.join('') }
}

describe('a folio', () => {
  it('has prefix, year, a sequence of at least six digits and a check digit', () => {
    expect(formatFolio({ prefijo: 'UAC', anio: 2026, secuencia: 4217 })).toBe('UAC-26-004217-4')
    expect(formatFolio({ prefijo: 'UAC', anio: 2026, secuencia: 12_345_678 })).toMatch(/^UAC-26-12345678-\d$/)
  })

  it.each([
    { anio: 1999, secuencia: 1 },
    { anio: 2026, secuencia: 0 },
    { anio: 2026, secuencia: 1.5 },
  ])('is not made of $anio and $secuencia', (parts) => {
    expect(() => formatFolio({ prefijo: 'UAC', ...parts })).toThrow(RangeError)
  })

  it('comes back from its own text, however it is written', () => {
    const separator = fc.constantFrom('-', ' ', '', ' - ', '–', '.', '_')
    fc.assert(
      fc.property(
        partes,
        separator,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (parts, between, prefixed, lower, word) => {
          const folio = formatFolio(parts)
          const kept = prefixed ? folio : folio.slice(folio.indexOf('-') + 1)
          const typed = `${word ? 'Folio: ' : ' '}${kept.replaceAll('-', between)} `
          expect(parseFolio(lower ? typed.toLowerCase() : typed, parts.prefijo)).toEqual({
            kind: 'folio',
            folio,
            ...parts,
          })
        },
      ),
    )
  })

  it('may lose the zeros of its sequence where the parts are told apart', () => {
    expect(parseFolio('uac 26 4217 4', 'UAC')).toMatchObject({ folio: 'UAC-26-004217-4' })
    expect(parseFolio('2642174', 'UAC')).toEqual({ kind: 'no_es_folio' })
  })

  it('keeps a prefix that is no longer in use', () => {
    expect(parseFolio('alt-26-004217-4', 'UAC')).toMatchObject({ kind: 'folio', folio: 'ALT-26-004217-4' })
  })

  it('with one wrong digit is never taken for another', () => {
    fc.assert(
      fc.property(partes, fc.nat(), fc.integer({ min: 1, max: 9 }), (parts, where, by) => {
        const { prefix, digits } = digitsOf(formatFolio(parts))
        const at = where % digits.length
        const wrong = digits.slice(0, at) + ((Number(digits[at]) + by) % 10) + digits.slice(at + 1)
        expect(parseFolio(prefix + wrong, 'UAC').kind).toBe('digito_incorrecto')
      }),
    )
  })

  it('with two neighbouring digits swapped is never taken for another', () => {
    fc.assert(
      fc.property(partes, fc.nat(), (parts, where) => {
        const { prefix, digits } = digitsOf(formatFolio(parts))
        const at = where % (digits.length - 1)
        const wrong = digits.slice(0, at) + digits[at + 1] + digits[at] + digits.slice(at + 2)
        fc.pre(wrong !== digits)
        expect(parseFolio(prefix + wrong, 'UAC').kind).toBe('digito_incorrecto')
      }),
    )
  })

  it.each([
    '',
    'hola',
    'UAC',
    'UAC-26',
    'UAC-2026-004217-4',
    '26-004217',
    'UAC-26-000000-0',
    'UAC-26-00421A-4',
    'UAC-26-0004217-4',
    '12 34 56',
  ])('is not "%s"', (text) => {
    expect(parseFolio(text, 'UAC').kind).not.toBe('folio')
  })

  it('never makes the reader fail, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parseFolio(text, 'UAC').kind).toBeDefined()
      }),
    )
  })
})

describe('the check digit', () => {
  it('is that of the published example', () => {
    expect(damm('572')).toBe('4')
  })
})

describe('a clave', () => {
  it('has eight letters of an alphabet without those that people confuse', () => {
    expect(ALFABETO_CLAVE).toHaveLength(31)
    expect(ALFABETO_CLAVE).not.toMatch(/[0O1IL]/)
    for (let n = 0; n < 200; n += 1) expect(generarClave()).toMatch(new RegExp(`^[${ALFABETO_CLAVE}]{8}$`))
  })

  it('draws each letter from the source it is given', () => {
    let next = 0
    expect(generarClave((max) => next++ % max)).toBe('23456789')
  })

  it('is read in any case, with spaces and dashes', () => {
    expect(parseClave(' abcd-23 45')).toBe('ABCD2345')
    expect(parseClave('ABCD234')).toBeUndefined()
    expect(parseClave('ABCD2340')).toBeUndefined()
  })
})
