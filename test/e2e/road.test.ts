import { expect, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../database.ts'
import { createCitizen } from './citizen.ts'
import { begin, walk } from './road.ts'
import { type ChannelName, setStage } from './stage.ts'

const CHANNELS: ChannelName[] = ['telegram', 'web-chat']

async function stageOn(channel: ChannelName) {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  return setStage(channel, { DATABASE_URL: url })
}

it.each(CHANNELS)(
  'a petition goes from the first words on %s to VALIDADO, and the citizen hears each step',
  async (channel) => {
    await using stage = await stageOn(channel)
    const walked = await walk(stage.url, stage.line, () => undefined)
    expect(walked.folio).toMatch(/^UAC-/)
  },
  240_000,
)

it.each(CHANNELS)(
  'a stop and a start in the middle of the talk on %s lose nothing: it goes on at the same question',
  async (channel) => {
    await using stage = await stageOn(channel)
    const citizen = createCitizen(stage.line, () => undefined)
    await begin(citizen)
    await stage.restart()
    await citizen.says('hola')
    await citizen.hears('Seguimos con su reporte de Bache')
    await citizen.says('miramar')
    await citizen.hears('¿En qué calle y número?')
  },
  180_000,
)
