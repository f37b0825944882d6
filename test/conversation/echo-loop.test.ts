import { expect, test } from 'vitest'
import { newTalk, speak, type Talk } from './talk.ts'

/** So many texts, some milliseconds after one another; gives how many were answered. */
async function said(talk: Talk, texts: readonly string[], apart: number): Promise<number> {
  let answered = 0
  for (const text of texts) {
    talk.clock += apart - 20_000
    const { replies } = await speak(talk, text)
    answered += replies.length > 0 ? 1 : 0
  }
  return answered
}

const bot = (count: number) =>
  Array.from(
    { length: count },
    (_, at) => `Gracias por comunicarse. Su turno es el ${at}. Responderemos a las ${at}:15.`,
  )

test('two programs that answer each other are stopped: silence, and a person of the staff has it', async () => {
  const talk = newTalk(true)
  await speak(talk, 'menú')
  expect(await said(talk, bot(40), 1_000)).toBe(11)
  expect(talk.state.mode).toBe('human')
})

test('who says thanks to every thanks is stopped too', async () => {
  const talk = newTalk(true)
  await speak(talk, 'menú')
  expect(await said(talk, Array(30).fill('gracias'), 500)).toBe(11)
})

test('who writes fast and different things, or the same slowly, is answered', async () => {
  const talk = newTalk(true)
  await speak(talk, 'menú')
  const words = ['qué es esto', 'quién contesta', 'buenas', 'gracias', 'ayuda', 'hola', 'menú', 'atrás']
  expect(await said(talk, [...words, ...words, ...words], 800)).toBe(24)
  expect(await said(talk, Array(24).fill('no sé'), 10_000)).toBe(24)
  expect(talk.state.mode).toBe('bot')
})
