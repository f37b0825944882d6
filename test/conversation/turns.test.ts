import { expect, test } from 'vitest'
import { newTalk, speak } from './talk.ts'
import { FIRST_MESSAGES, turnsToFolio as turnsOfTranscripts } from './turns-to-folio.ts'

/** First messages that tell all of it. */
const COMPLETE = [
  'hay un bache enorme en la calle hidalgo 305 colonia miramar entre juarez y morelos',
  'no sirve la lampara de la calle pino numero 12 en la colonia monte alto frente a la tienda',
  'se esta tirando el agua en calle nogal 45 col arboledas',
  'no a pasado la basura en la calle reforma #8 fracc paseo real ya son 5 dias',
  'se tapo el drenaje en la calle allende 20 colonia guadalupe victoria huele muy feo',
  'perro muerto en la calle 5 de mayo 210 colonia nuevo tampico',
  'hay un arbol a punto de caerse en la calle cedro 3 colonia lazaro cardenas',
  'los columpios estan rotos en el parque de la calle olmo 7 colonia laguna de la puerta',
  'el lote baldio de la calle zaragoza 15 colonia fidel velazquez esta lleno de monte',
]

/** Turns of the citizen until there is a folio, from the very first message of an address. */
async function turnsToFolio(first: string): Promise<number> {
  const talk = newTalk()
  for (const said of [first, 'acepto']) await speak(talk, said)
  while (talk.memory.registradas.length === 0 && talk.turns < 15)
    await speak(
      talk,
      talk.state.step === 'anonima' ? 'con mis datos' : talk.state.step === 'resumen' ? 'registrar' : 'si',
    )
  return talk.turns
}

test('who says everything at first has a folio in four turns, the notice included', async () => {
  const turns = await Promise.all(COMPLETE.map(turnsToFolio))
  const median = [...turns].sort((a, b) => a - b)[Math.floor(turns.length / 2)]
  expect(median).toBeLessThanOrEqual(4)
  expect(Math.max(...turns)).toBeLessThanOrEqual(5)
})

test.each(FIRST_MESSAGES)(
  'the transcripts whose first message $means reach a folio within $reached turns at the median',
  async ({ kind, reached }) => {
    const { all, median } = (await turnsOfTranscripts())[kind]
    expect(all.length).toBeGreaterThanOrEqual(5)
    expect(all.every(Number.isFinite)).toBe(true)
    expect(median).toBeLessThanOrEqual(reached)
  },
)
