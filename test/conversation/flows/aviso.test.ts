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

test.each(['Ah bueno mijo pues sí, acepto, que Dios los cuide', 'ay sí mijo', 'si ya rapido'])(
  '«%s» accepts it too',
  async (said) => {
    const talk = newTalk()
    await speakAll(talk, ['hola', BACHE, said])
    expect(talk.state.avisoVersion).not.toBeNull()
  },
)

test('who asks what they are to accept is told it in other words, once, and nothing of it is kept as their story', async () => {
  const talk = newTalk()
  const turn = await speakAll(talk, ['hola', 'Pues yo no sé de eso mijo, ¿qué es lo que tengo que aceptar?'])
  expect(heard(turn)).toContain('Es su permiso')
  expect(talk.state.answers.texto).toBeUndefined()
  await speakAll(talk, ['no le entiendo nada, quiero que arreglen la lámpara de afuera', 'acepto'])
  expect(talk.state.answers.asunto).toContain('lámpara')
})

test('who does not want to be known is told, with the notice, that they will be asked for it', async () => {
  const talk = newTalk()
  const turn = await speakAll(talk, ['hola', 'un policía me pidió dinero, no quiero que sepan mi nombre'])
  expect(heard(turn)).toContain('sin su nombre')
})

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

test.each(['QUE NO TENGO FOTO', 'no traigo foto, si quieres ve tú a tomarla', 'ay no mijo no sé mandar fotos'])(
  '«%s» answers the question for photos',
  async (said) => {
    const talk = newTalk(true)
    await speakAll(talk, ['luminaria', 'no prende la lámpara', 'miramar', 'calle encino'])
    expect(talk.state.step).toBe('fotos')
    await speakAll(talk, [said])
    expect(talk.state.answers.fotosListas).toBe(true)
  },
)

test('what is told anew of another subject stands beside what was told first', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un bache enorme', 'miramar', 'calle 10', 'no tengo fotos'])
  await speakAll(talk, ['no, no es bache. es una alcantarilla sin tapa'])
  expect(talk.state.answers).toMatchObject({ categoria: 'ALCANT_TAPA' })
  expect(talk.state.answers.descripcion).toBe('hay un bache enorme. no, no es bache. es una alcantarilla sin tapa')
})

test('«no pues no sé mijo» leaves out what may be left out', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['luminaria', 'no prende la lámpara', 'miramar', 'calle encino', 'no tengo fotos', '1', '1'])
  expect(heard(await speakAll(talk, ['no pues no sé mijo']))).toContain('Desde cuándo')
  expect(JSON.stringify(talk.state.answers)).not.toContain('mijo')
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
