import { describe, expect, test } from 'vitest'
import { heard, newTalk, speak, speakAll } from '../talk.ts'

const BOTON = { kind: 'choice', choice: { id: 'categoria/BACHEO' } } as const

describe('what begins with a bare no', () => {
  test('and tells of something else that is wrong waits for its turn, and nothing said before is lost', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['hay un bache en mi calle', BOTON])
    const before = talk.state.answers
    expect(heard(await speak(talk, 'no hay luz en mi casa'))).toContain('otro problema')
    expect(talk.state.answers).toMatchObject({
      categoria: 'BACHEO',
      descripcion: before.descripcion,
      otras: [{ texto: 'no hay luz en mi casa', categoria: 'FUERA_CFE' }],
    })
    await speak(talk, 'no hay luz en mi casa')
    expect(talk.state.answers.otras).toHaveLength(1)
  })

  test('still puts right what was said', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['hay un bache en mi calle', 'no es bache, es una fuga de agua'])
    expect(talk.state.answers).toMatchObject({ categoria: 'AGUA_FUGA' })
    await speak(talk, 'no, es en la calle 5 de miramar')
    expect(talk.state.answers).toMatchObject({ colonia: 'Miramar', calle: 'calle 5' })
  })
})

test.each(['hay un bache\nmenú', 'hola\nayuda'])(
  'a first burst that ends in a command shows the notice once: %j',
  async (said) => {
    expect(heard(await speak(newTalk(), said)).split('¿Lo acepta?')).toHaveLength(2)
  },
)

describe('the notice', () => {
  test.each([
    'Sí, acepto el aviso de privacidad',
    'acepto la política de privacidad',
    'estoy de acuerdo con el aviso de privacidad, gracias',
    'I agree to the privacy notice',
  ])('is accepted by who says %s', async (said) => {
    const talk = newTalk()
    if (said.startsWith('I ')) await speak(talk, 'english')
    await speakAll(talk, ['hola', said])
    expect(talk.state).toMatchObject({ flow: 'menu' })
    expect(talk.state.avisoVersion).not.toBeNull()
  })

  test('is refused by who says so, and asked about by a question', async () => {
    const talk = newTalk()
    await speakAll(talk, ['hola', 'no acepto el aviso de privacidad'])
    expect(talk.state.avisoVersion).toBeNull()
    await speakAll(talk, ['hola', '¿acepto el aviso de privacidad?'])
    expect(talk.state.avisoVersion).toBeNull()
  })

  test('accepted with a story takes the story alone', async () => {
    const talk = newTalk()
    await speakAll(talk, ['hola', 'sí acepto la política de privacidad, hay un bache en mi calle'])
    expect(talk.state.answers).toMatchObject({ categoria: 'BACHEO', asunto: 'hay un bache en mi calle' })
  })
})

test('words choose among the subjects that are offered', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un problema con el agua y la calle', 'pues los hoyos', 'lo de los hoyos'])
  expect(talk.state.answers).toMatchObject({ categoria: 'BACHEO' })
})

test('words choose among several problems that were told', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay hoyos en la calle y no ha pasado la basura', 'lo de la basura'])
  expect(talk.state.answers).toMatchObject({ categoria: 'BASURA', otras: [{ categoria: 'BACHEO' }] })
})

test.each(['sorry no pictures', "I don't have any photos"])('%s goes on without', async (said) => {
  const talk = newTalk(true)
  await speakAll(talk, ['english', 'there is a big pothole', 'Miramar', 'Hidalgo 5', said])
  expect(talk.state.answers).toMatchObject({ fotosListas: true })
})

test('no text is said a third time to who is not understood', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un bache', 'Miramar', 'Hidalgo 5', 'qqqq www', 'rrrr sss'])
  const third = heard(await speak(talk, 'zzzz xxx'))
  expect(third).toContain('No se pierde lo que ya me dijo')
  expect(third).toContain('MENÚ o CANCELAR')
  expect(third).not.toContain('No le entendí')
})

test('who picks one of several drafts goes on with it at once', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un bache', 'menú', 'reportar', 'no sirve la lámpara', 'menú', 'seguir lo pendiente'])
  expect(heard(await speak(talk, '1'))).toContain('¿Dónde es?')
  expect(talk.state).toMatchObject({ flow: 'registrar', step: 'lugar', drafts: [{}] })
})
