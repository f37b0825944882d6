import { expect, test } from 'vitest'
import { heard, newTalk, speakAll } from '../talk.ts'

const BACHE = 'hay un bache en mi calle'

test.each(['si acepto mijo gracias', 'acepto pues ya que', 'bueno acepto y diosito los bendiga'])(
  '«%s» accepts the notice, and what was told before goes on',
  async (said) => {
    const talk = newTalk()
    await speakAll(talk, ['hola', BACHE, said])
    expect(talk.state.avisoVersion).not.toBeNull()
    expect(talk.state.flow).toBe('registrar')
    expect(talk.state.answers.descripcion ?? talk.state.answers.asunto).toBe(BACHE)
  },
)

test.each(['no acepto nada', 'yo no acepto', '¿acepto qué?', 'mi vecino acepto un soborno del inspector'])(
  '«%s» does not accept it',
  async (said) => {
    const talk = newTalk()
    await speakAll(talk, ['hola', BACHE, said])
    expect(talk.state.avisoVersion).toBeNull()
  },
)

test('who accepts and tells in one message is not asked what it is about', async () => {
  const talk = newTalk()
  await speakAll(talk, ['hola', 'acepto, no prende la lámpara de la esquina en la colonia Miramar'])
  expect(talk.state.flow).toBe('registrar')
  expect(talk.state.answers.asunto).toBe('no prende la lámpara de la esquina en la colonia Miramar')
})

test('«no tengo fotos, me da miedo» is an answer, and changes nothing of what was told', async () => {
  const talk = newTalk()
  await speakAll(talk, ['hola', 'un policia me pidió dinero, que no sepan quién soy', 'acepto', 'si'])
  const categoria = talk.state.answers.categoria
  expect(talk.state.step).toBe('fotos')
  const turn = await speakAll(talk, ['no tengo fotos me da miedo'])
  expect(talk.state.answers.categoria).toBe(categoria)
  expect(heard(turn)).toContain('motivo')
})
