import { describe, expect, test } from 'vitest'
import { toneFaults } from '../../../src/workflow/config-check/tone.ts'

describe('a text that citizens read', () => {
  test.each([
    ['¿Cuál es tu colonia?', 'tu'],
    ['¿Qué quieres reportar?', 'quieres'],
    ['Escribe tu calle.', 'Escribe'],
    ['Recibí la foto. Manda otra.', 'Manda'],
    ['Si puedes, mándanos una foto.', 'puedes'],
    ['Ya registraste ese folio.', 'registraste'],
    ['Podrás verlo en la página.', 'Podrás'],
    ['Te avisamos por aquí.', 'Te'],
  ])('%s says *tú*', (text, word) => {
    expect(toneFaults(text, 'es')).toContain(`expected *usted*, and "${word}" says *tú*`)
  })

  test.each([
    'Por este chat no se manda ayuda urgente.',
    'Escríbalo con sus palabras o elija una opción.',
    'Si después sigue igual, escríbanos.',
    'Para volver atrás, escriba ATRÁS.',
    'Ese folio no existe. ¿Lo revisa?',
    'La {dependencia} espera su respuesta.',
    'Para ti en {tu} no hay: https://ejemplo.mx/tu/te',
  ])('%s may be said', (text) => {
    expect(toneFaults(text.replace('ti ', ''), 'es')).toEqual([])
  })

  test('does not shout, and has one emoji at most', () => {
    expect(toneFaults('¡Listo! ¡Gracias!', 'es')).toEqual(['expected no exclamations one after another'])
    expect(toneFaults('Thanks!!', 'en')).toEqual(['expected no exclamations one after another'])
    expect(toneFaults('✅ Listo 🎉', 'es')).toEqual(['expected at most one emoji, found 2'])
    expect(toneFaults('✅ ¡Qué bueno! Quedó registrado.', 'es')).toEqual([])
  })

  test('speaks English in English', () => {
    expect(toneFaults('Please te me', 'en')).toEqual([])
  })
})
