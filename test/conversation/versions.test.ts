import { describe, expect, test } from 'vitest'
import { FLOWS } from '../../src/conversation/flows/conversations.ts'
import type { Conversacion, Paso } from '../../src/conversation/flows/mundo.ts'
import { registrar } from '../../src/conversation/flows/registrar/registrar.ts'
import { heard, newTalk, speak, speakAll } from './talk.ts'

const color: Paso = {
  id: 'color',
  freeText: true,
  ask: () => ({ text: '¿De qué color es?' }),
  read: ({ text }) => ({ to: 'next', set: { color: text } }),
}

/** A later version: a new question before the place, and no photographs any more. */
const later: Conversacion = {
  ...registrar,
  version: 2,
  steps: registrar.steps.flatMap((step): Conversacion['steps'] => {
    if (typeof step === 'function') return [step]
    if (step.id === 'fotos') return []
    return step.id === 'lugar' ? [color, step] : [step]
  }),
}

/** The same citizen, written to by a program with other flows. */
async function continued(said: string[], flow: Conversacion) {
  const before = newTalk(true)
  await speakAll(before, said)
  const now = newTalk(true, { ...FLOWS, registrar: flow })
  now.state = before.state
  return now
}

describe('a conversation begun under an older version', () => {
  test('keeps its fields, is asked what is new, and nothing twice', async () => {
    const talk = await continued(['hay un bache en mi calle', 'Miramar', 'Hidalgo 5'], later)
    const asked: string[] = []
    for (const said of ['/foto', 'rojo', 'chico', 'no', 'Ana Ruiz']) asked.push(heard(await speak(talk, said)))
    const all = asked.join('\n')
    expect(all).toContain('¿De qué color es?')
    expect(all).not.toMatch(/¿Dónde es\?|¿En qué calle|mande fotos|¿Es correcto\?/)
    expect(talk.state).toMatchObject({ flow: 'registrar', flowVersion: 2, step: 'resumen' })
    expect(talk.state.answers).toMatchObject({ colonia: 'Miramar', calle: 'Hidalgo', numero: '5', color: 'rojo' })
  })

  test('goes on at the next unfilled question when its own has vanished', async () => {
    const talk = await continued(['hay un bache en mi calle', 'Miramar', 'Hidalgo 5'], later)
    expect(talk.state.step).toBe('fotos')
    expect(heard(await speak(talk, 'hola'))).toContain('¿De qué color es?')
  })

  test('answers the question that stands, though it is another version', async () => {
    const talk = await continued(['hay un bache en mi calle'], { ...registrar, version: 7 })
    await speak(talk, 'Miramar')
    expect(talk.state).toMatchObject({ flowVersion: 7, step: 'calle', answers: { colonia: 'Miramar' } })
  })

  test('a draft too', async () => {
    const talk = await continued(['hay un bache en mi calle', 'Miramar', 'menú'], later)
    expect(talk.state.drafts).toMatchObject([{ flow: 'registrar', flowVersion: 1 }])
    expect(heard(await speakAll(talk, ['hola', 'seguir']))).toContain('¿En qué calle')
    expect(heard(await speak(talk, 'Hidalgo 5'))).toContain('¿De qué color es?')
  })

  test('a flow that no longer exists leads to the menu, and not to silence', async () => {
    const talk = newTalk(true)
    talk.state = { ...talk.state, flow: 'sorteo', flowVersion: 3, step: 'x', answers: { nota: 5 } }
    expect(heard(await speak(talk, 'hola'))).toContain('¿En qué le ayudo?')
  })

  test('answers that no longer fit are asked again, the others are kept', async () => {
    const talk = newTalk(true)
    const answers = { asunto: 'hay un bache en mi calle', categoria: 'YA_NO_EXISTE', colonia: 7, calle: 'Hidalgo' }
    talk.state = { ...talk.state, flow: 'registrar', flowVersion: 1, step: 'numero', answers }
    expect(heard(await speak(talk, 'hola'))).toContain('Bache')
    expect(heard(await speakAll(talk, ['si', 'un hoyo muy grande']))).toContain('¿Dónde es?')
    expect(talk.state.answers.calle).toBe('Hidalgo')
  })
})

describe('a conversation resumes from its state alone', () => {
  test('every turn, through another process', async () => {
    const said = ['hay un bache en mi calle', 'acepto', 'Miramar', 'Hidalgo 5', 'listo', 'chico', 'no', 'si']
    const one = newTalk()
    const straight = await speakAll(one, said)
    let last = heard(straight)
    let state = newTalk().state
    for (const text of said) {
      const fresh = newTalk()
      fresh.state = state
      last = heard(await speak(fresh, text))
      state = fresh.state
    }
    expect(last).toBe(heard(straight))
    expect(state.answers).toEqual(one.state.answers)
  })
})
