import { describe, expect, test } from 'vitest'
import { prepararIdioma } from '../../../src/conversation/flows/idioma/reconocer.ts'
import { CONFIG_FOLDER, readSettings } from '../../../src/settings.ts'
import { ENGLISH, PARTS, readLabelled } from './labelled.ts'
import { figuresOf, understandAll } from './measure.ts'
import { shippedEnglish } from './shipped.ts'

const english = await shippedEnglish()
const { lexico, ingles } = await readSettings(CONFIG_FOLDER, {})
const idiomaDe = prepararIdioma({ es: lexico.idioma, en: ingles.lexico.idioma })

// The held-out ones were written after the words of config/*.en.yaml, and measured before any of these was changed for them.
test.each(ENGLISH)('messages %s are understood', async (part) => {
  const { top1, top3, found, falseAlarms, split } = figuresOf(understandAll(await readLabelled(part), english))
  expect(top1).toBeGreaterThanOrEqual(0.9)
  expect(top3).toBeGreaterThanOrEqual(0.97)
  expect(found).toBe(1)
  expect(falseAlarms).toBeLessThanOrEqual(0.05)
  expect(split).toBeLessThanOrEqual(0.03)
})

describe('the language of a message', () => {
  test('is never taken for English in the Spanish messages', async () => {
    const spanish = (await Promise.all(PARTS.map(readLabelled))).flat()
    expect(spanish.filter(({ text }) => idiomaDe(text) === 'en')).toEqual([])
  })

  test('is English in nearly all the English ones, whatever they tell', async () => {
    const told = (await Promise.all(ENGLISH.map(readLabelled))).flat()
    const sure = told.filter(({ text }) => idiomaDe(text) === 'en')
    expect(sure.length / told.length).toBeGreaterThan(0.9)
  })

  test.each([
    'no',
    'ok',
    'menu',
    'si',
    'is',
    'ya is',
    'my bien',
    'thanks',
    'The Home Depot',
    'Main Street',
    'Soy Kevin Johnson',
    'vivo en Garden Park',
    'Villas of the Sun',
    'hay un party bien loud',
    'please ya vengan',
    'stop',
    'UAC-26-004217-4',
    '833 123 4567',
  ])('is not known to be English by «%s»', (text) => {
    expect(idiomaDe(text)).not.toBe('en')
  })

  test.each(['hello', "there's a pothole", 'do you speak English?', 'Fire!!', 'I need help with the trash'])(
    'is English in “%s”',
    (text) => {
      expect(idiomaDe(text)).toBe('en')
    },
  )
})
