import { describe, expect, test } from 'vitest'
import { heard, newTalk, speak, speakAll } from '../talk.ts'

const warned = async (text: string) => heard(await speak(newTalk(true), text)).includes('⚠️')

describe('danger is answered with 911 before anything else', () => {
  test.each([
    'HAY UN INCENDIO',
    'ay un insendio en la bodega',
    'huele mucho a gas',
    'fuga de gas en la casa del vecino',
    'mi vecino está sangrando',
    'hay dos heridos en el choque',
    'me quiero morir',
    'se esta quemando un carro',
    'hay un cable de luz tirado con chispas',
    'se metió el agua a la casa',
    'buenas tardes, fíjese que se perdió un niño, hay un niño perdido en el parque',
  ])('%s', async (text) => {
    expect(await warned(text)).toBe(true)
  })

  test.each([
    'hay una fuga de agua en mi calle',
    'se quemó el foco de la lámpara',
    'los juegos en el parque están rotos',
    'va a haber un simulacro de incendio',
    'huele feo el agua',
    'no ha pasado la basura',
  ])('but not for: %s', async (text) => {
    expect(await warned(text)).toBe(false)
  })

  test('the warning is a message of its own, and the first', async () => {
    const turn = await speak(newTalk(), 'hay un incendio')
    expect(turn.replies[0]?.text).toContain('911')
    expect(turn.replies[0]?.options).toBeUndefined()
  })

  test('a leak of gas is not taken for one of water', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['hay una fuga de gas', 'si'])
    expect(talk.state.step).toBe('tema')
  })

  test('told where a story is expected, it is the answer as well', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['reportar', 'hay un poste caído con cables tirados en la calle Hidalgo'])
    expect(talk.state.answers.asunto).toContain('poste caído')
  })
})
