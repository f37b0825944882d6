import { describe, expect, test } from 'vitest'
import type { MessageKind } from '../../src/channels/message.ts'
import { isFreeText } from '../../src/conversation/memory.ts'
import { heard, newTalk, settings, speak, speakAll } from './talk.ts'

const { mensajes } = settings

/** In the middle of a petition, at a question for words: where it is. */
async function atPlace() {
  const talk = newTalk(true)
  await speak(talk, 'hay un bache en mi calle')
  return talk
}

describe('what is no answer', () => {
  test.each<MessageKind>(['blocked', 'unblocked', 'delete', 'reaction'])('%s is met with silence', async (kind) => {
    const talk = await atPlace()
    const before = talk.state
    const turn = await speak(talk, { kind, text: 'x' })
    expect(turn.replies).toEqual([])
    expect(talk.state).toEqual(before)
  })

  test('an edit says that what was noted stays, and only in the middle of something', async () => {
    const talk = await atPlace()
    expect(heard(await speak(talk, { kind: 'edit', text: 'otra cosa' }))).toBe(mensajes.text('general.mensaje_editado'))
    const nobody = newTalk(true)
    expect((await speak(nobody, { kind: 'edit', text: 'x' })).replies).toEqual([])
  })

  test('what cannot be read is said politely, and the question stands', async () => {
    const talk = await atPlace()
    const turn = await speak(talk, { kind: 'unsupported' })
    expect(heard(turn)).toContain(mensajes.text('general.no_legible'))
    expect(heard(turn)).toContain(mensajes.text('registrar.lugar'))
    expect(talk.state.misses).toBe(0)
  })

  test('in first contact too', async () => {
    const talk = newTalk()
    expect(heard(await speak(talk, { kind: 'unsupported' }))).toBe(mensajes.text('general.no_legible'))
  })
})

describe('an answer is not understood', () => {
  test('twice in other words, then a person is offered, and the question comes back', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['hay un bache en mi calle', 'Miramar', 'Hidalgo 5', 'no', 'chico'])
    expect(heard(await speak(talk, 'zzzz'))).toContain(mensajes.text('general.no_entendi'))
    expect(heard(await speak(talk, 'zzzz'))).toContain(mensajes.text('general.no_entendi_otra'))
    const offered = await speak(talk, 'zzzz')
    expect(offered.replies.at(-1)?.options?.map(({ id }) => id)).toEqual(['_/asesor', '_/seguir'])
    expect(heard(await speak(talk, '2'))).toContain('¿Ha causado caídas o choques?')
    expect(talk.state.misses).toBe(0)
  })

  test('the offer is taken', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['quiero una despensa', 'zzzz', 'zzzz', 'zzzz', '1'])
    expect(talk.state.mode).toBe('human')
  })

  test('a late answer to the question counts though a person was offered', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['un policia me pidio dinero', 'zzzz', 'zzzz', 'zzzz', 'sí, es correcto'])
    expect(talk.state.step).toBe('anonima')
  })
})

describe('buttons', () => {
  test('one of the question that stands is an answer', async () => {
    const talk = newTalk(true)
    const turn = await speak(talk, 'un policia me pidio dinero')
    const id = turn.replies.at(-1)?.options?.[0]?.id ?? ''
    await speak(talk, { kind: 'choice', choice: { id } })
    expect(talk.state.answers.categoria).toBe('QUEJA_SERVIDOR')
  })

  test('pressed twice, it says nothing new', async () => {
    const talk = newTalk(true)
    await speak(talk, 'un policia me pidio dinero')
    await speak(talk, { kind: 'choice', choice: { id: 'categoria/QUEJA_SERVIDOR' } })
    const before = talk.state
    const again = await speak(talk, { kind: 'choice', choice: { id: 'categoria/QUEJA_SERVIDOR' } })
    expect(again.replies).toEqual([])
    expect(talk.state).toEqual(before)
  })

  test('the confirmation pressed twice registers once', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['hay un bache en mi calle', 'Miramar', 'Hidalgo 5', 'no', 'chico', 'no'])
    const press = { kind: 'choice', choice: { id: 'resumen/registrar' } } as const
    await speak(talk, press)
    expect((await speak(talk, press)).replies).toEqual([])
    expect(talk.memory.registradas).toHaveLength(1)
  })

  test('one of an older question is told apart, and the question asked again', async () => {
    const talk = await atPlace()
    const turn = await speak(talk, { kind: 'choice', choice: { id: 'fotos/listo' } })
    expect(heard(turn)).toContain(mensajes.text('general.boton_viejo'))
    expect(heard(turn)).toContain(mensajes.text('registrar.lugar'))
  })

  test('nonsense from who writes for the first time leads to the welcome', async () => {
    const turn = await speak(newTalk(), { kind: 'choice', choice: { id: 'x' } })
    expect(heard(turn)).toContain('asistente automático')
  })

  test.each([
    ['el segundo', 1],
    ['la primera', 0],
    ['la última', 3],
  ])('%s means the option in that place', async (text, place) => {
    const talk = newTalk(true)
    await speak(talk, 'hola')
    const pressed = newTalk(true)
    await speakAll(pressed, ['hola', String(place + 1)])
    await speak(talk, text)
    expect([talk.state.flow, talk.state.mode]).toEqual([pressed.state.flow, pressed.state.mode])
  })

  test('a number means the option as it was shown', async () => {
    const talk = newTalk(true)
    await speakAll(talk, ['hola', '1'])
    const shown = (talk.state.answers._ as { shown: string[] }).shown
    await speak(talk, '4')
    expect(shown[3]).toBe(`asunto/${talk.state.answers.categoria}`)
  })
})

describe('a person attends', () => {
  test('the bot is silent but for danger, and goes on where it was when given back', async () => {
    const talk = await atPlace()
    await speak(talk, 'asesor')
    expect((await speak(talk, 'hola')).replies).toEqual([])
    expect(heard(await speak(talk, 'hay un incendio'))).toContain('911')
    expect(talk.state.mode).toBe('human')
    const back = await talk.conversations.returnToBot(talk.state, talk.services)
    expect(back.conversation.mode).toBe('bot')
    expect(heard(back)).toContain(mensajes.text('registrar.lugar'))
  })

  test('who asked for a person before anything else is welcomed when given back', async () => {
    const talk = newTalk()
    await speak(talk, 'asesor')
    const back = await talk.conversations.returnToBot(talk.state, talk.services)
    expect(heard(back)).toContain(mensajes.text('persona.devuelta'))
    expect(heard(back)).toContain('¿Lo acepta?')
  })
})

describe('free words', () => {
  test('are awaited at first contact and where the step says so, not at menus', async () => {
    const talk = newTalk()
    expect(isFreeText(talk.state)).toBe(true)
    await speak(talk, 'tiran basura en un terreno baldío')
    expect(isFreeText(talk.state)).toBe(false)
    await speak(talk, 'acepto')
    expect(isFreeText(talk.state)).toBe(false)
    await speak(talk, 'con mis datos')
    expect(isFreeText(talk.state)).toBe(true)
  })
})

describe('personal data and what must leave no trace', () => {
  test('an anonymous report severs everything since its first word, and nothing of it stays in the state', async () => {
    const talk = newTalk()
    const began = talk.clock
    const first = ['tiran basura en un terreno baldío', 'acepto', 'anónimo', 'La Pedrera', 'camino viejo', '/foto']
    const turn = await speakAll(talk, [...first, 'listo', 'llantas', 'si'])
    expect(turn.severSince?.getTime()).toBeLessThanOrEqual(began + 19_000)
    expect(JSON.stringify(talk.state)).not.toMatch(/UAC-|Pedrera|camino|BASURERO/)
    const [una] = talk.memory.registradas
    expect(una?.borrador.anonima).toBe(true)
    expect(una?.borrador.datos).not.toHaveProperty('nombre')
  })

  test('a petition with a name severs nothing', async () => {
    const talk = newTalk(true)
    const said = ['hay un bache en mi calle', 'Miramar', 'Hidalgo 5', 'no', 'chico', 'no', 'si']
    expect((await speakAll(talk, said)).severSince).toBeUndefined()
    expect(talk.memory.registradas).toHaveLength(1)
  })

  test('a folio and its clave leave no trace in the state, whether found or not', async () => {
    const talk = newTalk(true)
    const turn = await speak(talk, 'UAC-26-004217-4 ABCD2345')
    expect(turn.redact).toBe(true)
    expect(JSON.stringify(turn)).not.toContain('004217-4 ABCD2345')
    expect(JSON.stringify(talk.state)).not.toContain('ABCD2345')
    expect(talk.state.answers).not.toHaveProperty('folio')
  })

  test('the acceptance is stored with its version, and asked again for another one before a petition', async () => {
    const talk = newTalk()
    await speakAll(talk, ['hola', 'acepto'])
    expect(talk.memory.aviso).toBe(settings.municipio.aviso_privacidad.version)
    expect(talk.state.avisoVersion).toBe(talk.memory.aviso)
    talk.state = { ...talk.state, avisoVersion: '2020-01' }
    expect(heard(await speak(talk, 'hay un bache en mi calle'))).toContain('cambió')
    await speak(talk, 'acepto')
    expect(talk.state.answers.asunto).toBe('hay un bache en mi calle')
  })
})
