import { expect, it, type TestContext } from 'vitest'
import { createTestDatabase } from '../database.ts'
import { createCitizen } from './citizen.ts'
import { CHANNELS, type ChannelName } from './platforms.ts'
import { begin, walk } from './road.ts'
import { setStage } from './stage.ts'

async function stageOn(channel: ChannelName, { onTestFinished }: TestContext) {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  return setStage(channel, { DATABASE_URL: url })
}

it.concurrent.for(CHANNELS)(
  'a petition with a photo goes from the first words on %s to VALIDADO, and the citizen hears each step',
  { timeout: 400_000 },
  async (channel, context) => {
    await using stage = await stageOn(channel, context)
    const walked = await walk(stage.url, stage.line, () => undefined)
    expect(walked.folio).toMatch(/^UAC-/)
  },
)

it.for<ChannelName>(['telegram', 'web-chat', 'whatsapp'])(
  'a stop and a start in the middle of the talk on %s lose nothing: it goes on at the same question',
  { timeout: 300_000 },
  async (channel, context) => {
    await using stage = await stageOn(channel, context)
    const citizen = createCitizen(stage.line, () => undefined)
    await begin(citizen)
    await stage.restart()
    await citizen.says('hola')
    await citizen.hears('Seguimos con su reporte de Bache')
    await citizen.says('miramar')
    await citizen.hears('¿En qué calle y número?')
  },
)
