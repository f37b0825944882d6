import { execFile } from 'node:child_process'
import { createServer, type IncomingMessage } from 'node:http'
import { promisify } from 'node:util'

import { describe, expect, it, onTestFinished } from 'vitest'
import { canalesSchema } from '../../../src/channels/canales.ts'
import { type SetupStep, setupSteps } from '../../../src/channels/meta/setup.ts'
import { ENVIRONMENT, INSTAGRAM_ID, PAGE_ID, PHONE_ID, TOKEN } from './context.ts'

const { meta } = canalesSchema.parse({
  meta: {
    saludo: 'Bienvenido',
    menu: [{ titulo: 'Consultar mi folio', dice: 'folio' }],
    preguntas: [{ pregunta: '¿Cómo va mi folio?', dice: 'folio' }],
  },
})

const account = (id: string) => ({ account: 'default', id, token: TOKEN })
const bodies = (steps: SetupStep[]) => steps.map(({ what, path, body }) => [what, path, body])

const menu = [
  {
    locale: 'default',
    composer_input_disabled: false,
    call_to_actions: [{ type: 'postback', title: 'Consultar mi folio', payload: 'say:folio' }],
  },
]
const iceBreakers = [{ locale: 'default', call_to_actions: [{ question: '¿Cómo va mi folio?', payload: 'say:folio' }] }]
const fields = { subscribed_fields: expect.arrayContaining(['messages', 'messaging_postbacks', 'standby']) }
const withComments = { subscribed_fields: expect.arrayContaining(['messages', 'feed', 'mention', 'ratings']) }
const withMentions = {
  subscribed_fields: expect.arrayContaining(['messages', 'comments', 'live_comments', 'mentions']),
}

describe('what is set at Meta', () => {
  it('is, for a page, its button, greeting, menu, ice breakers and events', () => {
    const profile = 'me/messenger_profile'
    expect(bodies(setupSteps({ name: 'messenger', account: account(PAGE_ID) }, meta))).toEqual([
      ['messenger/default: Get Started button', profile, { get_started: { payload: 'GET_STARTED' } }],
      ['messenger/default: greeting', profile, { greeting: [{ locale: 'default', text: 'Bienvenido' }] }],
      ['messenger/default: persistent menu', profile, { persistent_menu: menu }],
      ['messenger/default: ice breakers', profile, { ice_breakers: iceBreakers }],
      ['messenger/default: webhook subscription', 'me/subscribed_apps', fields],
      ['messenger/default: webhook subscription with comments and mentions', 'me/subscribed_apps', withComments],
    ])
  })

  it('is, for Instagram, what it has of that', () => {
    const platform = 'instagram'
    expect(bodies(setupSteps({ name: 'instagram', account: account(INSTAGRAM_ID) }, meta))).toEqual([
      ['instagram/default: persistent menu', 'me/messenger_profile', { platform, persistent_menu: menu }],
      ['instagram/default: ice breakers', 'me/messenger_profile', { platform, ice_breakers: iceBreakers }],
      ['instagram/default: webhook subscription', 'me/subscribed_apps', fields],
      ['instagram/default: webhook subscription with comments and mentions', 'me/subscribed_apps', withMentions],
    ])
  })

  it('is, for WhatsApp, what people may tap at first', () => {
    expect(bodies(setupSteps({ name: 'whatsapp-cloud', account: account(PHONE_ID) }, meta))).toEqual([
      [
        'whatsapp-cloud/default: ice breakers',
        `${PHONE_ID}/conversational_automation`,
        { enable_welcome_message: false, prompts: ['¿Cómo va mi folio?'] },
      ],
    ])
  })

  it('leaves out what is not configured', () => {
    const nothing = canalesSchema.parse({}).meta
    const steps = (name: 'messenger' | 'whatsapp-cloud') =>
      setupSteps({ name, account: account('1') }, nothing).map(({ what }) => what)
    expect(steps('messenger')).toEqual([
      'messenger/default: Get Started button',
      'messenger/default: webhook subscription',
      'messenger/default: webhook subscription with comments and mentions',
    ])
    expect(steps('whatsapp-cloud')).toEqual([])
  })
})

/** A Graph API that keeps what it is told, and refuses what `refused` matches. */
async function createGraphServer(refused?: RegExp) {
  const kept: Record<string, unknown> = {}
  const bodyOf = async (request: IncomingMessage) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    return JSON.parse(Buffer.concat(parts).toString())
  }
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '', 'http://graph').pathname
    const given = request.method === 'POST' ? await bodyOf(request) : undefined
    const wrong = refused?.test(JSON.stringify(given ?? '')) || request.headers.authorization !== `Bearer ${TOKEN}`
    if (!wrong && given) kept[path] = { ...Object(kept[path]), ...given }
    const answer = wrong
      ? { error: { code: 100, message: 'Invalid parameter' } }
      : given
        ? { success: true }
        : kept[path]
    response.writeHead(wrong ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}))
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  onTestFinished(() => void server.close())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, kept }
}

/** The command as it is run, with the settings that are shipped. */
async function run(url: string, ...more: string[]) {
  const env = { ...ENVIRONMENT, META_GRAPH_URL: url, PATH: process.env.PATH }
  return promisify(execFile)(process.execPath, ['src/commands/meta-setup.ts', ...more], { env }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

describe('npm run meta:setup', () => {
  it('sets all of it and shows each as Meta has it', async () => {
    const { url, kept } = await createGraphServer()
    const { code, stdout } = await run(url)
    expect(code).toBe(0)
    expect(Object.keys(kept)).toEqual([
      '/v26.0/me/messenger_profile',
      '/v26.0/me/subscribed_apps',
      `/v26.0/${PHONE_ID}/conversational_automation`,
    ])
    expect(stdout).toContain('messenger/default: persistent menu')
    expect(stdout).toContain('Reportar un problema')
    expect(stdout).not.toContain(TOKEN)
  })

  it('goes on after a refusal, and ends with what is not set', async () => {
    const { url, kept } = await createGraphServer(/greeting/)
    const { code, stdout, stderr } = await run(url)
    expect(code).not.toBe(0)
    expect(stdout).toContain('FAILED: Meta answered 100: Invalid parameter')
    expect(stderr).toContain('Not set: messenger/default: greeting.')
    expect(kept).toHaveProperty('/v26.0/me/subscribed_apps')
  })

  it('sets nothing when it only shows', async () => {
    const { url, kept } = await createGraphServer()
    const { code, stdout } = await run(url, '--dry-run')
    expect([code, kept]).toEqual([0, {}])
    expect(stdout).toContain('"payload": "say:folio"')
  })
})
