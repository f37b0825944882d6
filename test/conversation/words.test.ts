import { describe, expect, test } from 'vitest'
import { normalise, samePhrase, sameWord, saysOnly, wordsOf } from '../../src/conversation/words.ts'

describe('words are compared as people write them', () => {
  test('case, accents, punctuation, emoji and repeated letters do not matter', () => {
    expect(normalise('  ¡MENÚÚÚ!!! 🙏 ')).toBe('menu')
    expect(normalise('Niño')).toBe('nino')
    expect(normalise('11 de Noviembre')).toBe('11 de noviembre')
  })

  test.each([
    ['cancelr', 'cancelar', true],
    ['kancelaar', 'cancelar', true],
    ['asezor', 'asesor', true],
    ['persnoa', 'persona', false],
    ['menus', 'menu', false],
    ['baha', 'baja', false],
    ['12345678', '12345679', false],
    ['folio1', 'folio', false],
  ])('%s for %s: %s', (written, meant, same) => {
    expect(sameWord(normalise(written), normalise(meant))).toBe(same)
  })

  test('a phrase is the same only word by word', () => {
    expect(samePhrase(wordsOf('mi reporte'), wordsOf('mi reporte'))).toBe(true)
    expect(samePhrase(wordsOf('mi'), wordsOf('mi reporte'))).toBe(false)
    expect(samePhrase([], [])).toBe(false)
  })
})

describe('a text says only some phrases', () => {
  const asesor = ['asesor', 'hablar', 'una persona', 'ya no']
  const filler = ['quiero', 'con', 'un', 'por', 'favor', 'ya']

  test.each([
    ['Quiero hablar con un asesor, por favor', true],
    ['hablar con una persona', true],
    ['quiero', false],
    ['hay una persona tirada en la calle', false],
    ['no', false],
    ['', false],
  ])('%s: %s', (text, only) => {
    expect(saysOnly(text, asesor, filler)).toBe(only)
  })

  test('a sign without letters counts as written', () => {
    expect(saysOnly(' ? ', ['ayuda', '?'])).toBe(true)
    expect(saysOnly('¿?', ['ayuda', '?'])).toBe(false)
  })
})
