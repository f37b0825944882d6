import { describe, expect, test } from 'vitest'
import { findPhrases, preparePhrases, readWords } from '../../src/conversation/phrases.ts'
import { rankTopics } from '../../src/conversation/rank.ts'
import { sound, stem } from '../../src/conversation/sound.ts'

describe('words by their sound', () => {
  test.each([
    ['vache', 'bache'],
    ['lus', 'luz'],
    ['oyo', 'hoyo'],
    ['ollo', 'hoyo'],
    ['tuvo', 'tubo'],
    ['guele', 'huele'],
    ['insendio', 'incendio'],
    ['esplosion', 'explosión'],
    ['kemando', 'quemando'],
    ['ay', 'hay'],
    ['sancudos', 'zancudos'],
  ])('%s sounds like %s', (written, meant) => {
    expect(sound(written)).toBe(sound(meant))
  })

  test('different words stay different', () => {
    expect(sound('fuego')).not.toBe(sound('juego'))
    expect(sound('chino')).not.toBe(sound('cino'))
  })

  test('plural and gender are one', () => {
    expect(stem(sound('baches'))).toBe(stem(sound('bache')))
    expect(stem(sound('tirada'))).toBe(stem(sound('tirados')))
    expect(stem(sound('luces'))).toBe(stem(sound('luz')))
  })
})

describe('phrases in a text', () => {
  const phrases = preparePhrases(
    [
      { id: 'gas', phrases: ['fuga de gas'] },
      { id: 'agua', phrases: ['fuga', 'fuga de agua'] },
    ],
    { gap: 1, misspelt: 5 },
  )
  const found = (text: string) =>
    findPhrases(readWords(text, phrases), phrases).map(({ topic, phrase }) => [topic, phrase])

  test('the longest wins over what it contains', () => {
    expect(found('hay una fuga de gas')).toEqual([['gas', 'fuga de gas']])
    expect(found('hay una fuga')).toEqual([['agua', 'fuga']])
  })

  test('a foreign word may stand between, but not two', () => {
    expect(found('fuga como de agua')).toEqual([['agua', 'fuga de agua']])
    expect(found('fuga creo yo que de agua')).toEqual([['agua', 'fuga']])
  })

  test('a topic within a phrase of danger is no topic', () => {
    const topics = preparePhrases([{ id: 'agua', phrases: ['fuga'] }], { gap: 1, misspelt: 5 })
    const danger = preparePhrases([{ id: 'x', phrases: ['fuga de gas'] }], { gap: 1, misspelt: 7 })
    expect(rankTopics('fuga de gas', topics, danger)).toEqual([])
    expect(rankTopics('fuga de agua', topics, danger)).toMatchObject([{ topic: 'agua', because: ['fuga'] }])
  })
})
