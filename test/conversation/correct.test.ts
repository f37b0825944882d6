import { expect, test } from 'vitest'
import { heard, newTalk, settings, speak, speakAll } from './talk.ts'

const { mensajes } = settings

const said = (text: string, providerId: string) => ({ kind: 'text', text, providerId }) as const
const edited = (text: string, replyTo: string) => ({ kind: 'edit', text, replyTo, providerId: replyTo }) as const

test('a corrected answer is that answer anew, and the question that stood is asked again', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un bache en mi calle', said('Miramar', 'm3')])
  const asked = await speak(talk, said('Hidalgo 5', 'm4'))
  const question = asked.replies.at(-1)?.text ?? ''
  const turn = await speak(talk, edited('Hidalgo 55', 'm4'))
  expect(heard(turn)).toContain(mensajes.text('general.mensaje_corregido'))
  expect(heard(turn)).toContain(question.split('\n').at(-1))
  expect(JSON.stringify(talk.state.answers)).toContain('55')
})

test('so is one given some questions ago', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un bache en mi calle', said('Miramar', 'm3'), said('Hidalgo 5', 'm4')])
  const before = talk.state.step
  const turn = await speak(talk, edited('Tampico', 'm3'))
  expect(heard(turn)).toContain(mensajes.text('general.mensaje_corregido'))
  expect([before, 'colonia', 'lugar'].some((step) => talk.state.step?.startsWith(step ?? ''))).toBe(true)
})

test('twice the same correction changes nothing more', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un bache en mi calle', said('Miramar', 'm3'), said('Hidalgo 5', 'm4')])
  await speak(talk, edited('Hidalgo 55', 'm4'))
  const once = talk.state
  await speak(talk, edited('Hidalgo 55', 'm4'))
  expect(talk.state).toEqual(once)
})

test('of what answered no question of this report, what was noted stays', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un bache en mi calle'])
  const before = talk.state
  expect(heard(await speak(talk, edited('otra cosa', 'm99')))).toBe(mensajes.text('general.mensaje_editado'))
  expect(talk.state).toEqual(before)
})

test('while a person attends, nothing is said to a correction; given back on the platform, the bot goes on', async () => {
  const talk = newTalk(true)
  await speakAll(talk, ['hay un bache en mi calle', said('Miramar', 'm3')])
  talk.state = { ...talk.state, mode: 'human' }
  expect((await speak(talk, edited('Tampico', 'm3'))).replies).toEqual([])
  expect(heard(await speak(talk, { kind: 'returned' }))).toContain(mensajes.text('persona.devuelta'))
  expect(talk.state.mode).toBe('bot')
  expect((await speak(talk, { kind: 'returned' })).replies).toEqual([])
})
