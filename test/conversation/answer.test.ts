import { describe, expect, test } from 'vitest'
import { optionMeant, optionNearest, optionSaid, positionIn, toAnswer } from '../../src/conversation/answer.ts'
import { newTalk, speak } from './talk.ts'

const numerals = ['uno', 'dos', 'tres']
const options = [
  { id: 'si', label: 'Sí, es correcto', words: ['si', 'claro'] },
  { id: 'calle', label: 'Calle y número' },
  { id: 'colonia', label: 'Colonia o ubicación' },
]

describe('an option is named', () => {
  test.each([
    ['1', 0],
    ['1.', 0],
    [' 2) ', 1],
    ['２', 1],
    ['3️⃣', 2],
    ['uno', 0],
    ['la dos', 1],
    ['opción 3', 2],
    ['número tres', 2],
    ['1 y 2', undefined],
    ['calle 5', undefined],
    ['13 de mayo', undefined],
  ])('by its place: %s', (text, position) => {
    expect(positionIn(text, numerals)).toBe(position)
  })

  test('by its whole label among other words, the longest', () => {
    const plazos = ['Más de una semana', 'Más de un mes', 'Hoy'].map((label, at) => ({ id: String(at), label }))
    expect(optionNearest('mas de un mes!!! ya les dije', plazos)).toBe('1')
    expect(optionNearest('no me acuerdo', plazos)).toBeUndefined()
  })

  test('by its label, a synonym, or a misspelling of either', () => {
    expect(optionSaid('si, es correcto', options)).toBe('si')
    expect(optionSaid('¡Claro!', options)).toBe('si')
    expect(optionSaid('colonia o ubicasion', options)).toBe('colonia')
    expect(optionSaid('colonia', options)).toBeUndefined()
  })

  test('by a part that only one label has', () => {
    expect(optionMeant('la calle', options, ['la'])).toBe('calle')
    expect(optionMeant('colonia', options, [])).toBe('colonia')
    expect(optionMeant('no', options, [])).toBeUndefined()
    expect(optionMeant('es', options, [])).toBeUndefined()
  })
})

describe('a message as an answer', () => {
  test('a sticker says nothing, and a file without a row is lost', async () => {
    const base = { channel: 'x', account: 'd', externalId: '1', from: { address: 'a' }, sentAt: new Date() }
    const sticker = toAnswer({ ...base, kind: 'sticker', text: '👍', media: [{ kind: 'sticker', ref: 's' }] })
    expect(sticker).toMatchObject({ text: '', files: [], lost: false })
    const photo = toAnswer({ ...base, kind: 'image', media: [{ kind: 'image', ref: 'p' }] })
    expect(photo).toMatchObject({ files: [], lost: true })
  })

  test('who sent a file that could not be kept is told so', async () => {
    const talk = newTalk(true)
    await speak(talk, 'hay un bache en mi calle')
    const turn = await speak(talk, { kind: 'image', media: [{ kind: 'image', ref: 'p' }] })
    expect(turn.replies[0]?.text).toContain('No pude guardar ese archivo')
  })
})
