import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../database.ts'
import { type Citizen, createCitizen } from './citizen.ts'
import { CHANNELS, type ChannelName } from './platforms.ts'
import { begin, goOn } from './road.ts'
import { hire, type Staff } from './staff.ts'
import { type Stage, setStage } from './stage.ts'

/** Where the citizen of each channel lives. */
const STREETS: Record<ChannelName, string> = {
  'web-chat': 'Hidalgo 123',
  telegram: 'Matamoros 45',
  whatsapp: 'Guerrero 310',
  messenger: 'Allende 27',
  instagram: 'Zaragoza 508',
  'whatsapp-cloud': 'Galeana 64',
  'bot-framework': 'Victoria 219',
}

const LIMITS = { timeout: 300_000 }

describe('one program on every channel', () => {
  const citizens = new Map<ChannelName, Citizen>()
  let stage: Stage
  let staff: Staff

  beforeAll(async () => {
    const { url: DATABASE_URL, drop } = await createTestDatabase()
    stage = await setStage(CHANNELS, { DATABASE_URL })
    staff = await hire(stage.url)
    for (const channel of CHANNELS)
      citizens.set(
        channel,
        createCitizen(stage.line(channel), () => undefined),
      )
    return async () => {
      await stage[Symbol.asyncDispose]()
      await drop()
    }
  })

  const citizenOn = (channel: ChannelName) => citizens.get(channel) ?? expect.fail(`nobody is on ${channel}`)

  it('understands the first words on each and asks where it is, and is stopped and started then', LIMITS, async () => {
    await Promise.all(CHANNELS.map((channel) => begin(citizenOn(channel))))
    await stage.restart()
  })

  it.concurrent.for(CHANNELS)(
    'goes on at the same question on %s, and the petition with its photo comes to VALIDADO, each step told',
    LIMITS,
    async (channel) => {
      const citizen = citizenOn(channel)
      await citizen.says('hola')
      await citizen.hears('Seguimos con su reporte de Bache')
      const road = { url: stage.url, citizen, staff, tell: () => undefined, street: STREETS[channel] }
      const { folio } = await goOn(road)
      expect(folio).toMatch(/^UAC-/)
    },
  )
})
