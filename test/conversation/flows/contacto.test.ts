import { describe, expect, test } from 'vitest'
import {
  emailEnTexto,
  leerNombre,
  leerTelefono,
  nombreDePerfil,
  telefonoEnTexto,
  telefonoEscrito,
} from '../../../src/conversation/flows/registrar/contacto.ts'

describe('a telephone', () => {
  test.each([
    ['8331234567', '+528331234567'],
    ['833 123 45 67', '+528331234567'],
    ['(833) 123-4567', '+528331234567'],
    ['+52 1 833 123 4567', '+528331234567'],
    ['5218331234567', '+528331234567'],
    ['52 833 123 4567', '+528331234567'],
    ['+1 956 555 0123', '+19565550123'],
    ['12345', undefined],
    ['833123456', undefined],
    ['0000000000', undefined],
    ['hola', undefined],
  ])('%s', (typed, e164) => {
    expect(leerTelefono(typed)).toBe(e164)
  })

  test('is found within a text, and shown as people read it', () => {
    expect(telefonoEnTexto('Ana Ruiz, 833-123-4567 por favor')).toBe('+528331234567')
    expect(telefonoEnTexto('vivo en Hidalgo 123')).toBeUndefined()
    expect(telefonoEscrito('+528331234567')).toBe('833 123 4567')
  })
})

describe('a name', () => {
  test.each([
    ['Ana Ruiz', 'Ana Ruiz'],
    ['  me llamo   Ana Ruiz ', 'Ana Ruiz'],
    ['Soy Ana Ruiz y mi teléfono es 833 123 4567', 'Ana Ruiz'],
    ['Ana Ruiz, cel: 8331234567', 'Ana Ruiz'],
    ['ana@example.com', undefined],
    ['8331234567', undefined],
    ['a', undefined],
    ['x'.repeat(200), undefined],
  ])('%s', (typed, name) => {
    expect(leerNombre(typed)).toBe(name)
  })

  test('of a profile counts only when it looks like one', () => {
    expect(nombreDePerfil('Rosa Elena')).toBe('Rosa Elena')
    expect(nombreDePerfil('🔥El Jefe🔥')).toBeUndefined()
    expect(nombreDePerfil('Tacos 24h')).toBeUndefined()
    expect(nombreDePerfil(null)).toBeUndefined()
  })
})

test('an e-mail address is found within a text', () => {
  expect(emailEnTexto('mi correo es Ana.Ruiz@Example.com.')).toBe('ana.ruiz@example.com')
  expect(emailEnTexto('ana@correo')).toBeUndefined()
})
