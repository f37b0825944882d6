import { describe, expect, it } from 'vitest'
import { configuredBots } from '../../../src/channels/bot-framework/settings.ts'
import { canalesSchema } from '../../../src/channels/canales.ts'
import { readEnvironment } from '../../../src/runtime/env.ts'
import { BOT } from './context.ts'

const bots = (environment: Record<string, string>, canales: object = {}) =>
  configuredBots(readEnvironment(environment, '/nonexistent/.env'), canalesSchema.parse(canales))

const OWN = { BOTFRAMEWORK_APP_ID: BOT.appId, BOTFRAMEWORK_APP_PASSWORD: BOT.password }
const MORE = { 'bot-framework': [{ account: 'dif', app_id: 'otro', app_password: 'x', app_tenant: 't' }] }

describe('the bots', () => {
  it('are none without both credentials', () => {
    expect(bots({})).toEqual([])
    expect(bots({ BOTFRAMEWORK_APP_ID: BOT.appId })).toEqual([])
    expect(bots({ BOTFRAMEWORK_APP_PASSWORD: BOT.password })).toEqual([])
  })

  it('are the environment’s and those of config/canales.yaml, each with its rate', () => {
    expect(bots({ ...OWN, BOTFRAMEWORK_APP_TENANT: 't1' }, { ...MORE, rates: { 'bot-framework': 5 } })).toEqual([
      { account: 'default', credentials: { ...BOT, tenant: 't1' }, rate: 5 },
      { account: 'dif', credentials: { appId: 'otro', password: 'x', tenant: 't' }, rate: 5 },
    ])
    expect(bots({ ...OWN, SEND_RATE: '0' })).toMatchObject([{ rate: 0 }])
  })

  it('stop the start when two are one', () => {
    const twin = { 'bot-framework': [{ account: 'dif', app_id: BOT.appId, app_password: 'x' }] }
    expect(() => bots(OWN, twin)).toThrow(/default and dif have the same app id/)
  })
})

describe('the Emulator', () => {
  const asked = { BOTFRAMEWORK_EMULATOR: 'true' }

  it.each([{}, { HOST: 'localhost' }, { HOST: '::1' }, { HOST: '127.0.0.2' }, { PUBLIC_URL: 'http://localhost:3000' }])(
    'is heard when it is asked for on this machine: %j',
    (more) => {
      expect(bots({ ...asked, ...more })).toEqual([{ account: 'default', rate: undefined }])
    },
  )

  it.each([
    ['beside credentials', OWN, {}],
    ['beside other bots', {}, MORE],
    ['where others reach it', { HOST: '0.0.0.0' }, {}],
    ['where others reach it by its address', { HOST: '192.168.1.10' }, {}],
    ['behind a proxy', { PUBLIC_URL: 'https://atencion.example' }, {}],
  ])('stops the start %s', (_label, more, canales) => {
    expect(() => bots({ ...asked, ...more }, canales)).toThrow(/BOTFRAMEWORK_EMULATOR believes whoever reaches it/)
  })
})
