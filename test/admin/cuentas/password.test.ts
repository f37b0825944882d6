import { describe, expect, it } from 'vitest'
import { generatePassword, hashPassword, passwordProblem, verifyPassword } from '../../../src/admin/cuentas/password.ts'

describe('a password', () => {
  it('is kept as argon2id with at least 19 MiB and two passes', async () => {
    expect(await hashPassword('la jaiba camina de lado')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('is the same however its accents are composed', async () => {
    const stored = await hashPassword('camio\u0301n de volteo')
    expect(await verifyPassword(stored, 'cami\u00f3n de volteo')).toBe(true)
  })

  it('of nobody is never right', async () => {
    expect(await verifyPassword(undefined, '')).toBe(false)
  })

  it.each([
    ['corta', 'password_corta'],
    ['once caract', 'password_corta'],
    ['123456789012', 'password_comun'],
    ['Password1234!', 'password_comun'],
    ['Contraseña2026', 'password_comun'],
    ['qwertyqwerty', 'password_comun'],
    ['aaaaaaaaaaaaaa', 'password_comun'],
    ['Altamira2026!!', 'password_propia'],
    ['1234prueba1234', 'password_propia'],
    ['x'.repeat(257), 'password_larga'],
    ['la jaiba camina de lado', undefined],
    ['Puente-Tampico-77', undefined],
  ])('%s: %s', (password, problem) => {
    expect(passwordProblem(password, ['persona.prueba@altamira.example', 'Persona de Prueba', 'Altamira'])).toBe(
      problem,
    )
  })

  it('that is generated is accepted and never the same', () => {
    const made = Array.from({ length: 200 }, generatePassword)
    expect(new Set(made).size).toBe(200)
    expect(made.every((one) => passwordProblem(one, []) === undefined)).toBe(true)
  })
})
